package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.number;
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
 * {@code clip(x + 3, 0, 6) / 6 → hardSigmoid(x, 1/6, 1/2)}.
 *
 * <p>Legal for scalar constants that do not change the shape.
 *
 * <p>Source: Howard et al., "Searching for MobileNetV3", 2019.
 */
public record FuseHardSigmoid() implements Fusion {
  private static final Variable X = any("x");
  private static final Pattern PATTERN = scaled(limited(X), 1.0 / 6);

  /** {@code clip(x + 3, 0, 6)}. */
  static Pattern limited(Pattern x) {
    return op(
        Activation.class,
        op -> op.kind() == ActivationKind.CLIP && op.alpha() == 0 && op.beta() == 6,
        "is not clipped to 0 and 6",
        add(x, number(3)));
  }

  @Override
  public String name() {
    return "fuse-hard-sigmoid";
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
    return new Activation(ActivationKind.HARD_SIGMOID, match.get(X), 1.0 / 6, 0.5).value();
  }
}
