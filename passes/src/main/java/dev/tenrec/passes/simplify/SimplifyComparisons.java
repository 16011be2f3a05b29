package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Comparisons of positions and sizes that come out the same everywhere → a constant, for example
 * {@code range(0, n) >= 0}.
 *
 * <p>Legal where bounds of the sizes tell it for all sizes.
 */
public record SimplifyComparisons() implements Rule {
  @Override
  public String name() {
    return "simplify-comparisons";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Binary binary && binary.kind().isComparison()
        ? outcome(binary, context.result().shape())
            .map(yes -> Terms.scalar(ElementType.BOOL, yes ? 1 : 0))
            .flatMap(scalar -> ShapeOperands.expand(scalar, context))
        : Optional.empty();
  }

  private static Optional<Boolean> outcome(Binary op, Shape shape) {
    Optional<Affine> a = Affine.of(op.a());
    Optional<Affine> b = Affine.of(op.b());
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    Affine difference = a.get().minus(b.get());
    long low = difference.lowerBound(shape);
    long high = difference.negated().lowerBound(shape);
    return switch (op.kind()) {
      case GREATER_OR_EQUAL -> outcome(low >= 0, high > 0);
      case GREATER -> outcome(low > 0, high >= 0);
      case LESS_OR_EQUAL -> outcome(high >= 0, low > 0);
      case LESS -> outcome(high > 0, low >= 0);
      case EQUAL -> outcome(false, low > 0 || high > 0);
      default -> Optional.empty();
    };
  }

  private static Optional<Boolean> outcome(boolean always, boolean never) {
    return always || never ? Optional.of(always) : Optional.empty();
  }
}
