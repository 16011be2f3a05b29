package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.op;
import static dev.tenrec.passes.rewrite.Patterns.scaled;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code x hardSigmoid(x, 1/6, 1/2) → hardSwish(x)}, and {@code x clip(x + 3, 0, 6) / 6} in any
 * order and grouping.
 *
 * <p>Legal for scalar constants that do not change the shape.
 *
 * <p>Source: Howard et al., "Searching for MobileNetV3", 2019.
 */
public record FuseHardSwish() implements Fusion {
  private static final Variable X = any("x");
  private static final Pattern LIMITED = FuseHardSigmoid.limited(X);
  private static final Pattern HARD_SIGMOID =
      op(
          Activation.class,
          op ->
              op.kind() == ActivationKind.HARD_SIGMOID
                  && Math.abs(op.alpha() - 1.0 / 6) < 1e-6
                  && op.beta() == 0.5,
          "is not a hard sigmoid of slope 1/6 and offset 1/2",
          X);
  private static final Pattern PATTERN =
      either(
          mul(X, HARD_SIGMOID), mul(X, scaled(LIMITED, 1.0 / 6)), scaled(mul(X, LIMITED), 1.0 / 6));

  @Override
  public String name() {
    return "fuse-hard-swish";
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
    return new Activation(ActivationKind.HARD_SWISH, match.get(X)).value();
  }
}
