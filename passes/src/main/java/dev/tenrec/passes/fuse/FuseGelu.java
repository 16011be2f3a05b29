package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.number;
import static dev.tenrec.passes.rewrite.Patterns.scaled;
import static dev.tenrec.passes.rewrite.Patterns.unary;

import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code x / 2 (1 + erf(x / sqrt 2)) → gelu(x)}, with the factors in any order and grouping.
 *
 * <p>Legal for scalar constants that do not change the shape.
 *
 * <p>Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
 */
public record FuseGelu() implements Fusion {
  private static final Variable X = any("x");
  private static final Pattern ERF = unary(UnaryKind.ERF, scaled(X, Math.sqrt(0.5)));
  private static final Pattern PATTERN = mul(X, number(0.5), add(ERF, number(1)));

  @Override
  public String name() {
    return "fuse-gelu";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    return match.requireSameType(match.get(X));
  }

  @Override
  public Value replacement(Match.Found match) {
    return Terms.activation(ActivationKind.GELU_ERF, match.get(X));
  }
}
