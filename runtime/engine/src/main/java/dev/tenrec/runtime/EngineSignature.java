package dev.tenrec.runtime;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.runtime.bindings.DataTypes;
import dev.tenrec.runtime.bindings.Dimensions;
import dev.tenrec.runtime.bindings.SizesOutput;
import java.util.stream.IntStream;
import org.bytedeco.tensorrt.global.nvinfer.TensorIOMode;
import org.bytedeco.tensorrt.nvinfer.ICudaEngine;

/** What a plan tells about the model that it was built from. */
final class EngineSignature {
  private EngineSignature() {}

  static Signature of(ICudaEngine engine) {
    ImmutableMap.Builder<String, TensorType> inputs = ImmutableMap.builder();
    ImmutableMap.Builder<String, TensorType> outputs = ImmutableMap.builder();
    for (int i = 0; i < engine.getNbIOTensors(); i++) {
      String name = engine.getIOTensorName(i);
      if (engine.getTensorIOMode(name).intern() == TensorIOMode.kINPUT) {
        inputs.put(name, type(engine, name));
      } else if (!SizesOutput.is(name)) {
        outputs.put(name, type(engine, name));
      }
    }
    return new Signature(inputs.buildOrThrow(), outputs.buildOrThrow());
  }

  private static TensorType type(ICudaEngine engine, String name) {
    ImmutableLongArray sizes =
        Dimensions.of(engine.getTensorShape(name)).orElse(ImmutableLongArray.of());
    ImmutableList<Dim> dims =
        IntStream.range(0, sizes.length())
            .mapToObj(axis -> dim(name, axis, sizes.get(axis)))
            .collect(ImmutableList.toImmutableList());
    return new TensorType(DataTypes.of(engine.getTensorDataType(name)), new Shape(dims));
  }

  private static Dim dim(String name, int axis, long size) {
    return size >= 0 ? Dim.of(size) : new Symbol(name + "." + axis);
  }
}
