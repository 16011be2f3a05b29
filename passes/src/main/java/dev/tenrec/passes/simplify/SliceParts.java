package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.Longs;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * One of the equal parts of a last dimension, as attention takes queries, keys and values out of
 * their common projection:
 *
 * <pre>
 * gather(transpose(reshape(x, [..., parts, n])), i) → transpose(x[..., i n : (i + 1) n])
 * </pre>
 *
 * <p>With or without the transpose, and with n as one axis or several. TensorRT makes products with
 * parts of the weights of such slices, and moves nothing; before a gather of what is shuffled it
 * computes everything and copies it. Legal where the reshape splits the last dimension only, i is
 * one known number, and n is known.
 */
public record SliceParts() implements Rule {
  @Override
  public String name() {
    return "slice-parts";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (!(op instanceof Gather gather) || gather.indices().rank() != 0) {
      return Optional.empty();
    }
    Optional<Transpose> transpose = gather.x().producedBy(Transpose.class);
    Value split = transpose.map(Transpose::x).orElse(gather.x());
    ImmutableList<Integer> order =
        transpose.map(Transpose::permutation).orElseGet(() -> identity(split.rank()));
    return split
        .producedBy(Reshape.class)
        .filter(reshape -> splitsLast(reshape.x().shape(), split.shape()))
        .filter(reshape -> order.get(gather.axis()) == reshape.x().rank() - 1)
        .flatMap(reshape -> slice(reshape.x(), split.shape(), gather.indices()))
        .map(slice -> Terms.transpose(slice, without(order, order.get(gather.axis()))))
        .filter(value -> value.type().equals(context.result().type()));
  }

  /** Whether sizes are the same but for the last one, which becomes several. */
  private static boolean splitsLast(Shape whole, Shape split) {
    int last = whole.rank() - 1;
    return split.rank() > whole.rank()
        && whole.rank() > 0
        && split.dims().subList(0, last).equals(whole.dims().subList(0, last))
        && split.dims().stream().skip(last).allMatch(dim -> dim.value().isPresent());
  }

  private static Optional<Value> slice(Value x, Shape split, Value index) {
    int last = x.rank() - 1;
    long parts = split.dim(last).value().orElseThrow();
    long[] sizes =
        split.dims().stream().skip(last + 1).mapToLong(dim -> dim.value().orElseThrow()).toArray();
    long size = LongStream.of(sizes).reduce(1, Math::multiplyExact);
    Optional<Tensor> number = index.constant();
    if (number.isEmpty() || number.get().getLong(0) < -parts || number.get().getLong(0) >= parts) {
      return Optional.empty();
    }
    long part = Math.floorMod(number.get().getLong(0), parts);
    Value slice = Terms.slice(x, last, part * size, (part + 1) * size);
    return Optional.of(
        sizes.length == 1
            ? slice
            : Terms.reshapeKeeping(slice, Longs.concat(new long[last], sizes)));
  }

  private static ImmutableList<Integer> identity(int rank) {
    return IntStream.range(0, rank).boxed().collect(ImmutableList.toImmutableList());
  }

  /** An order of axes of which one is gone; those behind it have moved up. */
  private static ImmutableList<Integer> without(List<Integer> order, int gone) {
    return order.stream()
        .filter(axis -> axis != gone)
        .map(axis -> axis > gone ? axis - 1 : axis)
        .collect(ImmutableList.toImmutableList());
  }
}
