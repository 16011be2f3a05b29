package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/** Parts of values along an axis; parts of constants are views of the same memory. */
final class TensorParts {
  private TensorParts() {}

  /** Elements {@code from} to {@code to} along an axis. */
  static Value slice(Value x, int axis, long from, long to) {
    Optional<Tensor> constant =
        axis == 0 ? x.constant().filter(tensor -> isSliceable(tensor, to)) : Optional.empty();
    return constant
        .<Value>map(tensor -> Terms.constant(view(tensor, from, to)))
        .orElseGet(() -> Terms.slice(x, axis, from, to));
  }

  /** Element {@code i} along axis 0, which goes away. */
  static Value element(Value x, int i) {
    return Terms.squeeze(slice(x, 0, i, i + 1L), 0);
  }

  private static boolean isSliceable(Tensor tensor, long to) {
    return tensor.elementType().bits() >= 8 && tensor.rank() > 0 && to <= tensor.size(0);
  }

  private static Tensor view(Tensor tensor, long from, long to) {
    long[] sizes = tensor.sizes().toArray();
    long stride = sizes[0] == 0 ? 0 : tensor.data().byteSize() / sizes[0];
    sizes[0] = to - from;
    return Tensor.of(
        tensor.elementType(),
        ImmutableLongArray.copyOf(sizes),
        tensor.data().asSlice(from * stride, (to - from) * stride));
  }
}
