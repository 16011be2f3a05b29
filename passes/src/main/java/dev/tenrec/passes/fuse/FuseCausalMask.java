package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Attention.CausalMask;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Attention.Scoring;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.Constants;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/**
 * Attention whose mask is that each query attends to the keys up to its own place → causal
 * attention:
 *
 * <pre>
 * attention(Q, K, V, causal)                → causal attention(Q, K, V)
 * attention(Q, K, V, and(causal, m))        → causal attention(Q, K, V, m)
 * attention(Q, K, V, select(causal, m, -∞)) → causal attention(Q, K, V, m)
 * </pre>
 *
 * <p>The last also for a number that hides scores instead of -∞. Legal for masks over all queries
 * and keys; what is added must be finite and far above what hides, and no query may be without
 * keys, because such a mask gives equal weights or none.
 */
public record FuseCausalMask() implements Fusion {
  private static final double MODERATE = 1e30;
  private static final double HIDDEN = -1e37;

  private static final Variable MASK = any("mask");
  private static final Pattern PATTERN =
      op(
          ScaledDotProduct.class,
          attention -> attention.scoring().causal() == CausalMask.NONE,
          "is not attention to all keys",
          any("queries"),
          any("keys"),
          any("values"),
          MASK);

  /** A mask as a causal one and what is left of it. */
  private record Parts(CausalMask causal, Optional<Value> rest) {}

  @Override
  public String name() {
    return "fuse-causal-mask";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    return match.require(parts(Attentions.of(match)).isPresent(), "is not causal", match.get(MASK));
  }

  @Override
  public Value replacement(Match.Found match) {
    ScaledDotProduct op = Attentions.of(match);
    Parts parts = parts(op).orElseThrow();
    Scoring scoring = new Scoring(op.scoring().scale(), op.scoring().softCap(), parts.causal());
    return new ScaledDotProduct(op.queries(), op.keys(), op.values(), parts.rest(), scoring)
        .value();
  }

  private static Optional<Parts> parts(ScaledDotProduct op) {
    Value mask = op.mask().orElseThrow();
    return mask.elementType() == ElementType.BOOL
        ? boolParts(mask, op)
        : mask.producedBy(Select.class).flatMap(select -> addedParts(select, op));
  }

  private static Optional<CausalMask> causal(Value mask, ScaledDotProduct op) {
    return CausalPattern.of(mask, op.queries().dim(2), op.keys().dim(2));
  }

  private static Optional<Parts> boolParts(Value mask, ScaledDotProduct op) {
    return causal(mask, op)
        .map(kind -> new Parts(kind, Optional.empty()))
        .or(() ->
            mask.producedBy(Binary.class)
                .filter(and -> and.kind() == BinaryKind.AND)
                .flatMap(and -> half(and.a(), and.b(), op).or(() -> half(and.b(), and.a(), op))));
  }

  private static Optional<Parts> half(Value causal, Value rest, ScaledDotProduct op) {
    return causal(causal, op).map(kind -> new Parts(kind, Optional.of(rest)));
  }

  private static Optional<Parts> addedParts(Select select, ScaledDotProduct op) {
    NumberRange shown = NumberRange.of(select.a());
    boolean moderate = shown.low() > -MODERATE && shown.high() < MODERATE;
    boolean hides = Constants.uniform(select.b()).filter(number -> number < HIDDEN).isPresent();
    Optional<Value> rest =
        Constants.isAll(select.a(), 0) ? Optional.empty() : Optional.of(select.a());
    return causal(select.condition(), op)
        .filter(kind -> moderate && hides && everyQueryHasAKey(kind, op))
        .map(kind -> new Parts(kind, rest));
  }

  private static boolean everyQueryHasAKey(CausalMask kind, ScaledDotProduct op) {
    return kind == CausalMask.UPPER_LEFT || op.keys().dim(2).isAtLeast(op.queries().dim(2));
  }
}
