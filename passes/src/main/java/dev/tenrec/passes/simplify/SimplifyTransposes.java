package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Transposes that keep the order of axes → nothing; two in a row → one; those that move only axes
 * of size 1 → a reshape; leading axes that are merged for a transpose of the others and split again
 * → left apart.
 */
public record SimplifyTransposes() implements Rule {
  @Override
  public String name() {
    return "simplify-transposes";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Transpose transpose -> transpose(transpose, context);
      case Reshape(Value x, _, _) ->
          x.producedBy(Transpose.class).flatMap(inner -> unmerged(inner, context));
      default -> Optional.empty();
    };
  }

  private static Optional<Value> transpose(Transpose op, MatchContext context) {
    Value x = op.x();
    ImmutableList<Integer> permutation = op.permutation();
    if (isAscending(permutation)) {
      return Optional.of(x);
    }
    if (x.producedBy(Transpose.class).isPresent()) {
      return Optional.of(Transpose.once(x, permutation).value());
    }
    List<Integer> moving = permutation.stream().filter(axis -> !x.dim(axis).is(1)).toList();
    return isAscending(moving)
        ? ShapeOperands.reshape(x, context.result().shape(), context.boundSymbols()).map(Op::value)
        : Optional.empty();
  }

  private static boolean isAscending(List<Integer> axes) {
    return IntStream.range(1, axes.size()).allMatch(i -> axes.get(i - 1) < axes.get(i));
  }

  /** Leaves the leading axes apart that are merged for a transpose of the others. */
  private static Optional<Value> unmerged(Transpose op, MatchContext context) {
    Shape result = context.result().shape();
    Optional<Value> source = op.x().producedBy(Reshape.class).map(Reshape::x);
    int more = result.rank() - op.x().rank();
    if (source.isEmpty() || more < 1 || op.permutation().getFirst() != 0) {
      return Optional.empty();
    }
    List<Integer> permutation = new ArrayList<>();
    IntStream.rangeClosed(0, more).forEach(permutation::add);
    List<Dim> dims = new ArrayList<>(result.dims().subList(0, more + 1));
    for (int axis = 1; axis < op.permutation().size(); axis++) {
      permutation.add(op.permutation().get(axis) + more);
      dims.add(op.x().dim(axis));
    }
    return apart(source.get(), new Shape(ImmutableList.copyOf(dims)), context)
        .map(x -> new Transpose(x, ImmutableList.copyOf(permutation)).value())
        .filter(value -> value.type().equals(context.result().type()));
  }

  private static Optional<Value> apart(Value x, Shape shape, MatchContext context) {
    return x.shape().equals(shape)
        ? Optional.of(x)
        : ShapeOperands.reshape(x, shape, context.boundSymbols()).map(Op::value);
  }
}
