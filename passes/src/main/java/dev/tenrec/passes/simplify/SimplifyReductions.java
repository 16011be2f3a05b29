package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Reductions that keep their axes or drop them as what follows wants; reductions of one element.
 *
 * <pre>
 * squeeze(reduce(x, axes, keep), axes) → reduce(x, axes), if nothing else reads the reduction
 * unsqueeze(reduce(x, axes), axes)     → reduce(x, axes, keep), if nothing else reads it
 * reduce(x, axes of size 1)            → x or squeeze(x), for sum, mean, max, min and product
 * </pre>
 *
 * <p>Reshapes to the same shapes count as squeezes and unsqueezes.
 */
public record SimplifyReductions() implements Rule {
  @Override
  public String name() {
    return "simplify-reductions";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Squeeze(Value x, _) -> otherwiseKept(x, context);
      case Unsqueeze(Value x, _) -> otherwiseKept(x, context);
      case Reshape(Value x, _, _) -> otherwiseKept(x, context);
      case Reduce reduce -> ofOneElement(reduce);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> otherwiseKept(Value x, MatchContext context) {
    return x.producedBy(Reduce.class)
        .filter(_ -> context.hasOneUse(x))
        .map(op -> new Reduce(op.kind(), op.x(), op.axes(), !op.keepDims()).value())
        .filter(value -> value.type().equals(context.result().type()));
  }

  private static Optional<Value> ofOneElement(Reduce op) {
    boolean one = op.axes().stream().allMatch(axis -> op.x().dim(axis).is(1));
    if (!one || !keepsSingleElement(op.kind())) {
      return Optional.empty();
    }
    boolean sameShape = op.keepDims() || op.axes().isEmpty();
    return Optional.of(sameShape ? op.x() : new Squeeze(op.x(), op.axes()).value());
  }

  private static boolean keepsSingleElement(ReduceKind kind) {
    return switch (kind) {
      case SUM, MEAN, MAX, MIN, PROD -> true;
      case L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP -> false;
    };
  }
}
