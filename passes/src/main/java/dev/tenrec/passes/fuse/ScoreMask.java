package dev.tenrec.passes.fuse;

import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.Match;
import java.util.Optional;

/**
 * All that {@link FuseAttention} finds to hide scores, as one mask to add:
 *
 * <pre>
 * (scores + a) + b              → a + b
 * select(allowed, scores + a, c) → select(allowed, a, lowest)
 * </pre>
 *
 * <p>A score that is replaced by a number far below all others has the weight 0, whatever it was.
 * Where all scores of a query are, their weights are equal: that is also what the lowest number
 * makes of them, in which scores vanish when they are added. An infinite c stays as it is.
 */
final class ScoreMask {
  /** No score is anywhere near, and exporters write lower numbers than this. */
  private static final double HIDDEN = -1e9;

  /** The same for types that end at 65,504. */
  private static final double HIDDEN_IN_HALVES = -6e4;

  private ScoreMask() {}

  /** Whether a value is a number that hides the scores in whose place it is put. */
  static boolean hides(Value value) {
    double limit = value.elementType() == ElementType.FLOAT16 ? HIDDEN_IN_HALVES : HIDDEN;
    return value.scalarConstant().filter(number -> number <= limit).isPresent();
  }

  /** What is added to scores in all. */
  static Optional<Value> of(Match.Found match) {
    Optional<Value> added =
        match
            .find(FuseAttention.MASK)
            .map(mask ->
                match
                    .find(FuseAttention.MORE_MASK)
                    .map(more -> Terms.add(mask, more))
                    .orElse(mask));
    Optional<Value> allowed =
        match
            .find(FuseAttention.ALLOWED)
            .or(() -> match.find(FuseAttention.HIDDEN).map(hidden -> Terms.not(hidden)));
    return allowed.map(keys -> filled(keys, added, match)).or(() -> added);
  }

  private static Value filled(Value allowed, Optional<Value> added, Match.Found match) {
    double fill = match.number(FuseAttention.FILL);
    ElementType type =
        match.root().elementType() == ElementType.FLOAT64
            ? ElementType.FLOAT64
            : ElementType.FLOAT32;
    double lowest = type == ElementType.FLOAT64 ? -Double.MAX_VALUE : -Float.MAX_VALUE;
    Value low = Terms.scalar(type, Double.isInfinite(fill) ? fill : lowest);
    Value shown = added.map(mask -> Terms.cast(mask, type)).orElse(Terms.scalar(type, 0));
    return Terms.select(allowed, shown, low);
  }
}
