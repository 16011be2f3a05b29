package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Transposes that keep the order of axes → nothing; two in a row → one; those that move only axes
 * of size 1 → a reshape.
 */
public record SimplifyTransposes() implements Rule {
  @Override
  public String name() {
    return "simplify-transposes";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (!(op instanceof Transpose(Value x, ImmutableList<Integer> permutation))) {
      return Optional.empty();
    }
    if (isAscending(permutation)) {
      return Optional.of(x);
    }
    Optional<Transpose> inner = x.producedBy(Transpose.class);
    if (inner.isPresent()) {
      ImmutableList<Integer> both =
          permutation.stream()
              .map(inner.get().permutation()::get)
              .collect(ImmutableList.toImmutableList());
      return Optional.of(new Transpose(inner.get().x(), both).value());
    }
    List<Integer> moving = permutation.stream().filter(axis -> !x.dim(axis).is(1)).toList();
    return isAscending(moving)
        ? ShapeOperands.reshape(x, context.result().shape(), context.boundSymbols()).map(Op::value)
        : Optional.empty();
  }

  private static boolean isAscending(List<Integer> axes) {
    return IntStream.range(1, axes.size()).allMatch(i -> axes.get(i - 1) < axes.get(i));
  }
}
