package dev.tenrec.runtime.cpu;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.onnx.TestModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Compares what ONNX Runtime makes of a model itself with the imported graph, interpreted and
 * exported again.
 */
final class Reference {
  private final TestModel model;
  private final Map<String, Tensor> inputs = new LinkedHashMap<>();
  private double absolute = 1e-5;
  private double relative = 1e-5;

  private Reference(TestModel model) {
    this.model = model;
  }

  static Reference of(TestModel model) {
    return new Reference(model);
  }

  /** One node of an operator, with the outputs {@code y0}, {@code y1}, ... */
  static Reference ofNode(long opset, TestModel.Node node, String... outputs) {
    return new Reference(TestModel.opset(opset).node(node.out(outputs)).output(outputs));
  }

  Reference input(String name, Tensor value) {
    model.input(name, TensorType.of(value));
    inputs.put(name, value);
    return this;
  }

  /** An input whose declared type has symbols. */
  Reference input(String name, TensorType type, Tensor value) {
    model.input(name, type);
    inputs.put(name, value);
    return this;
  }

  Reference constant(String name, Tensor value) {
    model.initializer(name, value);
    return this;
  }

  Reference within(double absoluteAndRelative) {
    absolute = absoluteAndRelative;
    relative = absoluteAndRelative;
    return this;
  }

  /** Allows for a difference in each number whatever its size. */
  Reference withinSteps(double step) {
    absolute = step;
    relative = 0;
    return this;
  }

  void verify() {
    byte[] bytes = model.bytes();
    ImmutableMap<String, Tensor> expected = run(bytes);
    Graph graph = imported(bytes);
    Tensors.assertClose(Interpreter.of(graph).run(inputs), expected, absolute, relative);
    try (OnnxRuntimeModel exported = OnnxRuntimeModel.of(graph)) {
      Tensors.assertClose(exported.run(inputs), expected, absolute, relative);
    }
  }

  private static Graph imported(byte[] bytes) {
    try {
      Path file = Files.createTempFile("reference", ".onnx");
      try {
        return OnnxImporter.read(Files.write(file, bytes));
      } finally {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private ImmutableMap<String, Tensor> run(byte[] bytes) {
    OrtEnvironment environment = OrtEnvironment.getEnvironment();
    Map<String, OnnxTensor> given = new HashMap<>();
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
      for (Map.Entry<String, Tensor> input : inputs.entrySet()) {
        given.put(input.getKey(), OrtTensors.toOrt(environment, input.getValue()));
      }
      try (OrtSession session = environment.createSession(bytes, options);
          OrtSession.Result results = session.run(given)) {
        return tensors(results);
      }
    } catch (OrtException e) {
      throw new AssertionError("ONNX Runtime does not run the model of the test", e);
    } finally {
      given.values().forEach(OnnxTensor::close);
    }
  }

  private static ImmutableMap<String, Tensor> tensors(OrtSession.Result results) {
    ImmutableMap.Builder<String, Tensor> tensors = ImmutableMap.builder();
    for (Map.Entry<String, OnnxValue> result : results) {
      OnnxTensor tensor = (OnnxTensor) result.getValue();
      tensors.put(result.getKey(), OrtTensors.fromOrt(tensor, elementType(tensor.getInfo())));
    }
    return tensors.buildOrThrow();
  }

  private static ElementType elementType(TensorInfo info) {
    return switch (info.type) {
      case FLOAT -> ElementType.FLOAT32;
      case DOUBLE -> ElementType.FLOAT64;
      case FLOAT16 -> ElementType.FLOAT16;
      case BFLOAT16 -> ElementType.BFLOAT16;
      case INT8 -> ElementType.INT8;
      case INT16 -> ElementType.INT16;
      case INT32 -> ElementType.INT32;
      case INT64 -> ElementType.INT64;
      case UINT8 -> ElementType.UINT8;
      case BOOL -> ElementType.BOOL;
      case STRING, UNKNOWN -> throw new AssertionError("unexpected type " + info.type);
    };
  }
}
