package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Attention.CausalMask;
import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.AttentionExpansion;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Attention → the products, sums and softmax that {@link AttentionExpansion} makes of it.
 *
 * @param layers whether TensorRT has layers for it; then what they cannot do is decomposed only
 */
public record DecomposeAttention(boolean layers) implements Rule {
  /** The layer does not take float32 below. */
  private static final long MIN_SIZE = 16;

  @Override
  public String name() {
    return "decompose-attention";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Attention attention && !(layers && hasLayer(attention))
        ? Optional.of(AttentionExpansion.of(attention))
        : Optional.empty();
  }

  private static boolean hasLayer(Attention op) {
    return switch (op) {
      case ScaledDotProduct attention -> hasLayer(attention);
      case RotaryEmbedding rotary -> hasLayer(rotary);
    };
  }

  private static boolean hasLayer(ScaledDotProduct op) {
    CausalMask causal = op.scoring().causal();
    boolean everyQueryHasAKey =
        causal != CausalMask.LOWER_RIGHT || op.keys().dim(2).isAtLeast(op.queries().dim(2));
    return op.scoring().softCap() == 0
        && op.keys().shape().equals(op.values().shape())
        && op.queries().dim(3).value().orElse(0) >= MIN_SIZE
        && everyQueryHasAKey
        && op.mask().map(mask -> causal == CausalMask.NONE && isTaken(mask, op)).orElse(true);
  }

  /** Booleans for each key; what is added to scores may be lower than the layer's type. */
  private static boolean isTaken(Value mask, ScaledDotProduct op) {
    return mask.elementType() == ElementType.BOOL
        && mask.rank() >= 1
        && mask.dim(mask.rank() - 1).equals(op.keys().dim(2));
  }

  private static boolean hasLayer(RotaryEmbedding op) {
    return op.x().rank() == 4
        && op.x().dim(3).value().orElse(1) % 2 == 0
        && isTable(op.cos(), op)
        && isTable(op.sin(), op);
  }

  private static boolean isTable(Value table, RotaryEmbedding op) {
    return table.rank() == 4
        && table.dim(0).equals(op.x().dim(0))
        && table.dim(1).is(1)
        && table.dim(2).equals(op.x().dim(2));
  }
}
