package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.activation;
import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.number;
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
 * {@code x tanh(softplus(x)) → mish(x)}; softplus may be written {@code log(1 + exp(x))}.
 *
 * <p>Legal for a scalar 1 that does not change the shape.
 *
 * <p>Source: Misra, "Mish: A Self Regularized Non-Monotonic Activation Function", 2019.
 */
public record FuseMish() implements Fusion {
  private static final Variable X = any("x");
  private static final Pattern SOFTPLUS =
      either(
          activation(ActivationKind.SOFTPLUS, X),
          unary(UnaryKind.LOG, add(unary(UnaryKind.EXP, X), number(1))));
  private static final Pattern PATTERN = mul(X, activation(ActivationKind.TANH, SOFTPLUS));

  @Override
  public String name() {
    return "fuse-mish";
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
    return Terms.activation(ActivationKind.MISH, match.get(X));
  }
}
