package dev.tenrec.passes.simplify;

import static com.google.common.collect.ImmutableList.toImmutableList;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Source.Sizes;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Comparisons of positions and sizes → a constant:
 *
 * <pre>
 * range(0, n) >= 0         → true
 * shapeOf(x) == [-1, -1]   → [false, false]
 * </pre>
 *
 * <p>Legal where bounds of the sizes tell it for all sizes, of positions in the same way for each,
 * and where a number is the size of a value in the graph: that is not negative, though its formula
 * may be, as that of a convolution of an input that is smaller than its window.
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
            .or(() -> ofSizes(binary, context))
        : Optional.empty();
  }

  /** The outcome for each of a few numbers. */
  private static Optional<Value> ofSizes(Binary op, MatchContext context) {
    Optional<Value> a = withSigns(op.a(), context);
    Optional<Value> b = withSigns(op.b(), context);
    return a.isPresent() && b.isPresent()
        ? FoldSizes.constant(new Binary(op.kind(), a.get(), b.get()).value())
        : Optional.empty();
  }

  /** The same numbers, with those that are sizes written so that bounds tell their signs. */
  private static Optional<Value> withSigns(Value numbers, MatchContext context) {
    return numbers
        .content()
        .filter(_ -> numbers.rank() <= 1)
        .map(content ->
            content.stream()
                .map(number -> context.isSize(number) ? Dim.max(number, Fixed.ZERO) : number)
                .collect(toImmutableList()))
        .map(content -> new Sizes(content, numbers.rank() == 0).value());
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
