package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Reshapes and transposes in a row → at most one reshape that splits axes, one transpose, and one
 * reshape that merges axes.
 *
 * <p>Legal where the sizes tell which factors of the axes go where; applied where it saves
 * operations, of which nothing else may read the result.
 */
public record MergeShuffles() implements Rule {
  @Override
  public String name() {
    return "merge-shuffles";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (ShuffleChain.operand(context.result()).isEmpty()) {
      return Optional.empty();
    }
    ShuffleChain all = ShuffleChain.endingAt(context.result(), context);
    Optional<ShuffleChain> shorter = Optional.empty();
    for (int start = 0; shorter.isEmpty() && all.length() - start > 1; start++) {
      shorter = all.from(start).shortened(context.boundSymbols());
    }
    return shorter.map(ShuffleChain::end);
  }
}
