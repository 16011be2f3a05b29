package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.activation;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.scalar;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code x sigmoid(alpha x) → swish(x, alpha)}; alpha is 1 for SiLU, 1.702 for quick GELU.
 *
 * <p>Legal for a scalar alpha that does not change the shape.
 *
 * <p>Source: Ramachandran et al., "Searching for Activation Functions", 2017; Hendrycks and Gimpel,
 * "Gaussian Error Linear Units", 2016.
 */
public record FuseSilu() implements Fusion {
  private static final Variable X = any("x");
  private static final Variable ALPHA = scalar("alpha");
  private static final Pattern PATTERN =
      mul(X, activation(ActivationKind.SIGMOID, either(X, mul(X, ALPHA))));

  @Override
  public String name() {
    return "fuse-silu";
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
    double alpha = match.find(ALPHA).isPresent() ? match.number(ALPHA) : 1;
    return new Activation(ActivationKind.SWISH, match.get(X), alpha, 0).value();
  }
}
