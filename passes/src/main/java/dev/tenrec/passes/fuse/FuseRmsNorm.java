package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.binary;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.number;
import static dev.tenrec.passes.rewrite.Patterns.quotient;
import static dev.tenrec.passes.rewrite.Patterns.scalar;
import static dev.tenrec.passes.rewrite.Patterns.sqrt;
import static dev.tenrec.passes.rewrite.Patterns.square;

import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code x / sqrt(mean(x^2) + epsilon) → rmsNorm(x, 1)}; also as a product with the reciprocal root
 * or with the power -1/2. {@link FuseNormScale} adds the scale.
 *
 * <p>Legal where the mean goes over the last dimensions, whose sizes are numbers.
 *
 * <p>Source: Zhang and Sennrich, "Root Mean Square Layer Normalization", 2019.
 */
public record FuseRmsNorm() implements Fusion {
  private static final Variable X = any("x");
  private static final Variable EPSILON = scalar("epsilon");
  private static final Variable MEAN = any("mean");
  private static final Pattern VARIANCE = add(Norms.mean(square(X)).as(MEAN), EPSILON);
  private static final Pattern PATTERN =
      either(quotient(X, sqrt(VARIANCE)), mul(X, binary(BinaryKind.POW, VARIANCE, number(-0.5))));

  @Override
  public String name() {
    return "fuse-rms-norm";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    return Norms.hasKnownSizes(match.get(X), axis(match))
        ? match.requireSameType(match.get(X))
        : match.require(false, "is normalized over dimensions of open size", match.get(X));
  }

  @Override
  public Value replacement(Match.Found match) {
    Value x = match.get(X);
    return new RmsNorm(x, Norms.ones(x, axis(match)), axis(match), match.number(EPSILON)).value();
  }

  private static int axis(Match.Found match) {
    return match.operation(MEAN, Reduce.class).axes().getFirst();
  }
}
