package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Indexing.GatherNd;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.Constants;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Reading everything in order → a reshape; reading what is the same everywhere → a constant;
 * reading one row often → reading it once.
 *
 * <pre>
 * gather(x, [0, 1, ..., size - 1])                   → x in the shape of the result
 * gatherNd(x, tuples (i, j) for each i and j)        → x in the shape of the result
 * gather(c everywhere, indices), also by elements    → c everywhere
 * gather(x, expand(indices)) along the first axis    → expand(gather(x, indices))
 * squeeze(slice(x, i, i + 1))                        → gather(x, i)
 * </pre>
 *
 * <p>Exporters index masks like this. Legal where the indices are known to be as said, whatever the
 * sizes; an index beyond the end, which the model would fail on, is not looked for.
 */
public record SimplifyGathers() implements Rule {
  @Override
  public String name() {
    return "simplify-gathers";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Gather gather ->
          inOrder(gather, context)
              .or(() -> uniform(gather.x(), context))
              .or(() -> once(gather, context));
      case GatherElements gather -> uniform(gather.x(), context);
      case GatherNd gather -> inOrder(gather, context).or(() -> uniform(gather.x(), context));
      case Squeeze(Value x, _) -> single(x, context);
      case Reshape(Value x, _, _) -> single(x, context);
      default -> Optional.empty();
    };
  }

  /** One position of a sliced axis, which is then dropped. */
  private static Optional<Value> single(Value x, MatchContext context) {
    return x.producedBy(Slice.class)
        .filter(slice -> context.hasOneUse(x) && slice.axes().size() == 1)
        .filter(slice -> slice.starts().constant().isPresent() && slice.steps().get(0) == 1)
        .flatMap(slice -> single(slice, x))
        .filter(value -> value.type().equals(context.result().type()));
  }

  private static Optional<Value> single(Slice slice, Value sliced) {
    int axis = slice.axes().getFirst();
    long start = slice.starts().constant().orElseThrow().getLong(0);
    boolean inside = start >= -slice.x().dim(axis).value().orElse(Long.MAX_VALUE);
    if (!inside || !sliced.dim(axis).is(1)) {
      return Optional.empty();
    }
    Tensor index = Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(), _ -> start);
    return Optional.of(Terms.gather(slice.x(), Terms.constant(index), axis));
  }

  private static Optional<Value> inOrder(Gather op, MatchContext context) {
    Value indices = op.indices();
    boolean all = op.x().dim(op.axis()).equals(indices.shape().elementCount());
    return Affine.of(indices)
        .filter(affine -> all && affine.enumerates(indices.shape()))
        .flatMap(_ -> reshaped(op.x(), context));
  }

  private static Optional<Value> reshaped(Value x, MatchContext context) {
    return ShapeOperands.reshape(x, context.result().shape(), context.boundSymbols())
        .map(Op::value);
  }

  private static Optional<Value> inOrder(GatherNd op, MatchContext context) {
    Optional<Concat> tuples = op.indices().producedBy(Concat.class);
    int last = op.indices().rank() - 1;
    if (op.batchDims() != 0 || tuples.isEmpty() || tuples.get().axis() != last) {
      return Optional.empty();
    }
    int axis = 0;
    for (int i = 0; i < tuples.get().inputs().size(); i++) {
      Value column = tuples.get().inputs().get(i);
      while (axis < last && column.dim(axis).is(1)) {
        axis++;
      }
      Optional<Affine> indices = Affine.of(column);
      if (axis == last || indices.isEmpty() || !runsAlong(indices.get(), axis)) {
        return Optional.empty();
      }
      if (!column.dim(axis).equals(op.x().dim(i)) || !column.dim(last).is(1)) {
        return Optional.empty();
      }
      axis++;
    }
    boolean onlyOnesBehind =
        op.indices().shape().dims().subList(axis, last).stream().allMatch(dim -> dim.is(1));
    return onlyOnesBehind ? reshaped(op.x(), context) : Optional.empty();
  }

  /** Whether indices count from 0 along one axis and are the same along all others. */
  private static boolean runsAlong(Affine indices, int axis) {
    ImmutableList<Dim> steps = indices.steps();
    boolean runs = indices.offset().is(0) && steps.get(axis).is(1);
    for (int other = 0; runs && other < steps.size(); other++) {
      runs = other == axis || steps.get(other).is(0);
    }
    return runs;
  }

  private static Optional<Value> uniform(Value x, MatchContext context) {
    return Constants.uniform(x)
        .map(number -> Terms.number(x, number))
        .flatMap(scalar -> ShapeOperands.expand(scalar, context));
  }

  private static Optional<Value> once(Gather op, MatchContext context) {
    return op.indices()
        .producedBy(Expand.class)
        .filter(_ -> op.axis() == 0)
        .map(expand -> Terms.gather(op.x(), expand.x(), 0))
        .flatMap(rows -> ShapeOperands.expand(rows, context));
  }
}
