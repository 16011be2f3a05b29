package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Source;
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
        .<Value>map(tensor -> new Source.Constant(view(tensor, from, to)).value())
        .orElseGet(() ->
            new Slice(
                    x,
                    new Source.Constant(Tensor.ofLongs(from)).value(),
                    new Source.Constant(Tensor.ofLongs(to)).value(),
                    ImmutableList.of(axis),
                    ImmutableLongArray.of(1))
                .value());
  }

  /** Element {@code i} along axis 0, which goes away. */
  static Value element(Value x, int i) {
    return new Squeeze(slice(x, 0, i, i + 1L), ImmutableList.of(0)).value();
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
