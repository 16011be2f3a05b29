package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.quotient;
import static dev.tenrec.passes.rewrite.Patterns.scalar;
import static dev.tenrec.passes.rewrite.Patterns.sqrt;
import static dev.tenrec.passes.rewrite.Patterns.square;
import static dev.tenrec.passes.rewrite.Patterns.sub;

import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/**
 * {@code (x - mean(x)) / sqrt(mean((x - mean(x))^2) + epsilon) → layerNorm(x, 1)}. {@link
 * FuseNormScale} and {@link FuseNormBias} add scale and bias.
 *
 * <p>Legal where both means go over the same last dimensions, whose sizes are numbers.
 *
 * <p>Source: Ba et al., "Layer Normalization", 2016.
 */
public record FuseLayerNorm() implements Fusion {
  private static final Variable X = any("x");
  private static final Variable EPSILON = scalar("epsilon");
  private static final Variable MEAN = any("mean");
  private static final Variable VARIANCE = any("variance");
  private static final Pattern CENTRED = sub(X, Norms.mean(X).as(MEAN));
  private static final Pattern PATTERN =
      quotient(CENTRED, sqrt(add(Norms.mean(square(CENTRED)).as(VARIANCE), EPSILON)));

  @Override
  public String name() {
    return "fuse-layer-norm";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Reduce mean = match.operation(MEAN, Reduce.class);
    Reduce variance = match.operation(VARIANCE, Reduce.class);
    if (!mean.axes().equals(variance.axes())) {
      return match.require(false, "goes over other dimensions", match.get(VARIANCE));
    }
    return Norms.hasKnownSizes(mean.x(), mean.axes().getFirst())
        ? match.requireSameType(match.get(X))
        : match.require(false, "is normalized over dimensions of open size", match.get(X));
  }

  @Override
  public Value replacement(Match.Found match) {
    Value x = match.get(X);
    int axis = match.operation(MEAN, Reduce.class).axes().getFirst();
    return new LayerNorm(x, Norms.ones(x, axis), Optional.empty(), axis, match.number(EPSILON))
        .value();
  }
}
