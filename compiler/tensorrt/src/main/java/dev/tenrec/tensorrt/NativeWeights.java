package dev.tenrec.tensorrt;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.bindings.DataTypes;
import dev.tenrec.runtime.bindings.NativeMemory;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.tensorrt.nvinfer.Weights;

/**
 * Weights by their address: TensorRT reads them when it builds, so they stay where they are until
 * this is closed. What lies in native memory already, such as a mapped file, is not copied.
 */
final class NativeWeights implements AutoCloseable {
  // Vector instructions that insist on it fail on less.
  private static final long ALIGNMENT = 16;

  private final Arena arena = Arena.ofShared();
  private final List<Tensor> used = new ArrayList<>();

  Weights of(Tensor tensor) {
    Weights weights = empty(tensor.elementType());
    if (tensor.count() == 0) {
      return weights;
    }
    used.add(tensor);
    MemorySegment data = tensor.data();
    boolean inPlace = data.isNative() && data.address() % ALIGNMENT == 0;
    weights.values(NativeMemory.pointer(inPlace ? data : copy(data)));
    weights.count(tensor.count());
    return weights;
  }

  private MemorySegment copy(MemorySegment data) {
    return arena.allocate(data.byteSize(), ALIGNMENT).copyFrom(data);
  }

  /** No weights: a bias that is not there, or a kernel that a tensor holds. */
  static Weights empty(ElementType type) {
    Weights weights = new Weights();
    weights.type(DataTypes.of(type));
    weights.values(null);
    weights.count(0);
    return weights;
  }

  @Override
  public void close() {
    arena.close();
    used.clear();
  }
}
