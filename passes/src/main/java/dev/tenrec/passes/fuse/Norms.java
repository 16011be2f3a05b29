package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.op;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.Pattern;
import java.util.Optional;
import java.util.stream.IntStream;

/** What the fusions of normalizations over the last dimensions share. */
final class Norms {
  private Norms() {}

  /** The mean over the last dimensions, which stay with size 1. */
  static Pattern.Operation mean(Pattern x) {
    return op(Reduce.class, Norms::isTrailingMean, "is not a mean over the last dimensions", x);
  }

  private static boolean isTrailingMean(Reduce op) {
    int rank = op.x().rank();
    int count = op.axes().size();
    return op.kind() == ReduceKind.MEAN
        && op.keepDims()
        && count > 0
        && IntStream.range(0, count).allMatch(i -> op.axes().get(i) == rank - count + i);
  }

  /** Whether the sizes of the dimensions from an axis on are numbers. */
  static boolean hasKnownSizes(Value x, int axis) {
    return sizes(x, axis).isPresent();
  }

  private static Optional<ImmutableLongArray> sizes(Value x, int axis) {
    return new Shape(x.shape().dims().subList(axis, x.rank())).sizes();
  }

  /** A scale that changes nothing, for a normalization of x over the dimensions from an axis on. */
  static Value ones(Value x, int axis) {
    return Terms.constant(Tensor.ofDoubles(x.elementType(), sizes(x, axis).orElseThrow(), _ -> 1));
  }

  /**
   * A factor or summand of a normalized value, if it only depends on the normalized dimensions.
   *
   * @return a value of the shape of those dimensions
   */
  static Optional<Value> parameter(Value value, Value x, int axis) {
    Optional<ImmutableLongArray> wanted = sizes(x, axis);
    Optional<ImmutableLongArray> actual = value.shape().sizes();
    int leading = Math.max(0, value.rank() - (x.rank() - axis));
    if (wanted.isEmpty()
        || actual.isEmpty()
        || value.shape().dims().stream().limit(leading).anyMatch(dim -> !dim.is(1))) {
      return Optional.empty();
    }
    ImmutableLongArray own = actual.get().subArray(leading, value.rank());
    Value dropped = leading == 0 ? value : Terms.reshape(value, own.toArray());
    return Optional.of(
        own.equals(wanted.get()) ? dropped : Terms.expand(dropped, wanted.get().toArray()));
  }
}
