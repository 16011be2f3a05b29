package dev.tenrec.runtime;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.bindings.TransferBuffer;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Supplier;

/**
 * An output of the run that is going on.
 *
 * @param bytes the memory that it may take
 * @param sizes its sizes; may be asked for once the run is over
 */
record EngineOutput(
    String name,
    ElementType type,
    long bytes,
    Supplier<ImmutableLongArray> sizes,
    TransferBuffer buffer) {

  /** An output of sizes that are known before the run. */
  static EngineOutput fixed(
      String name, ElementType type, ImmutableLongArray sizes, TransferBuffer buffer) {
    return new EngineOutput(name, type, bytes(type, sizes), () -> sizes, buffer);
  }

  /**
   * An output whose sizes come out of the run.
   *
   * @param bytes how large it can be
   * @param sizes the output that holds its sizes
   */
  static EngineOutput open(
      String name, ElementType type, long bytes, EngineOutput sizes, TransferBuffer buffer) {
    return new EngineOutput(
        name, type, bytes, () -> ImmutableLongArray.copyOf(sizes.view().toLongs()), buffer);
  }

  /** What the run has left on the host, where the next run leaves its own. */
  Tensor view() {
    return cut(name, type, sizes.get(), buffer.hostBytes(bytes));
  }

  /** A copy of what the run has left on the host. */
  Tensor tensor() {
    return copied(view());
  }

  static Tensor copied(Tensor tensor) {
    long bytes = tensor.data().byteSize();
    MemorySegment copy = Arena.ofAuto().allocate(Math.max(1, bytes)).asSlice(0, bytes);
    return Tensor.of(tensor.elementType(), tensor.sizes(), copy.copyFrom(tensor.data()));
  }

  /**
   * The tensor at the beginning of some memory, on which it stays.
   *
   * @throws TenrecException with {@code BACKEND_FAILURE} if it cannot be there
   */
  static Tensor cut(String name, ElementType type, ImmutableLongArray sizes, MemorySegment memory) {
    double elements = sizes.stream().asDoubleStream().reduce(1, (a, b) -> a * b);
    boolean fits =
        sizes.stream().allMatch(size -> size >= 0)
            && elements * type.bits() <= 8.0 * memory.byteSize();
    if (!fits) {
      throw new TenrecException(
          ErrorCode.BACKEND_FAILURE,
          "output '%s' cannot have the sizes %s: there are %d bytes"
              .formatted(name, sizes, memory.byteSize()));
    }
    return Tensor.of(type, sizes, memory.asSlice(0, bytes(type, sizes)));
  }

  private static long bytes(ElementType type, ImmutableLongArray sizes) {
    return type.bytes(sizes.stream().reduce(1, Math::multiplyExact));
  }
}
