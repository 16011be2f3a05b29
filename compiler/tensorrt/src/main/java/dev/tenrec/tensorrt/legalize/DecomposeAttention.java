package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Attention;
import dev.tenrec.ir.AttentionExpansion;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/** Attention → the products, sums and softmax that {@link AttentionExpansion} makes of it. */
public record DecomposeAttention() implements Rule {
  @Override
  public String name() {
    return "decompose-attention";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Attention attention
        ? Optional.of(AttentionExpansion.of(attention))
        : Optional.empty();
  }
}
