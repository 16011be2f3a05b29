package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.div;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.scalar;

import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Attention.Scoring;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code attention(Q c, K, V) → attention(Q, K, V)} with the scale times c; the same for keys and
 * for quotients.
 *
 * <p>Legal for a scalar c that does not change the shape.
 */
public record FuseAttentionScale() implements Fusion {
  private static final Variable X = any("x");
  private static final Variable QUERIES = any("queries");
  private static final Variable KEYS = any("keys");
  private static final Variable VALUES = any("values");
  private static final Variable FACTOR = scalar("factor");
  private static final Variable DIVISOR = scalar("divisor");
  private static final Pattern SCALED = either(mul(X, FACTOR), div(X, DIVISOR));
  private static final Pattern PATTERN =
      either(
          Attentions.attention(SCALED, KEYS, VALUES),
          Attentions.attention(QUERIES, SCALED, VALUES));

  @Override
  public String name() {
    return "fuse-attention-scale";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    ScaledDotProduct op = Attentions.of(match);
    Value scaled = match.find(KEYS).isPresent() ? op.queries() : op.keys();
    return match.require(
        match.get(X).type().equals(scaled.type()), "is broadcast to another shape", match.get(X));
  }

  @Override
  public Value replacement(Match.Found match) {
    ScaledDotProduct op = Attentions.of(match);
    Value x = match.get(X);
    boolean ofQueries = match.find(KEYS).isPresent();
    double scale =
        match.find(FACTOR).isPresent()
            ? op.scoring().scale() * match.number(FACTOR)
            : op.scoring().scale() / match.number(DIVISOR);
    return new ScaledDotProduct(
            ofQueries ? x : op.queries(),
            ofQueries ? op.keys() : x,
            op.values(),
            op.mask(),
            new Scoring(scale, op.scoring().softCap(), op.scoring().causal()))
        .value();
  }
}
