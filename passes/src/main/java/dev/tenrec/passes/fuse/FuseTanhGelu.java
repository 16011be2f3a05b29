package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.activation;
import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.binary;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.number;
import static dev.tenrec.passes.rewrite.Patterns.square;

import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code x / 2 (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) → gelu(x)} in its approximate form; the
 * argument of tanh may also be written {@code sqrt(2 / pi) x (1 + 0.044715 x^2)}.
 *
 * <p>Legal for scalar constants that do not change the shape.
 *
 * <p>Source: Hendrycks and Gimpel, "Gaussian Error Linear Units", 2016.
 */
public record FuseTanhGelu() implements Fusion {
  private static final Variable X = any("x");
  private static final Pattern CUBIC = number(0.044715);
  private static final Pattern FACTOR = number(Math.sqrt(2 / Math.PI));
  private static final Pattern CUBE =
      either(mul(binary(BinaryKind.POW, X, number(3)), CUBIC), mul(X, square(X), CUBIC));
  private static final Pattern ARGUMENT =
      either(
          mul(add(X, CUBE), FACTOR),
          mul(X, add(either(mul(X, X, CUBIC), mul(square(X), CUBIC)), number(1)), FACTOR));
  private static final Pattern PATTERN =
      mul(X, number(0.5), add(activation(ActivationKind.TANH, ARGUMENT), number(1)));

  @Override
  public String name() {
    return "fuse-tanh-gelu";
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
    return Terms.activation(ActivationKind.GELU_TANH, match.get(X));
  }
}
