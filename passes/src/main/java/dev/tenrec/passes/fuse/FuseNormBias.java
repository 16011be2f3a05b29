package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.constant;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/**
 * {@code layerNorm(x, s) + c → layerNorm(x, s, c)}, and {@code layerNorm(x, s, b) + c →
 * layerNorm(x, s, b + c)} for constants b and c.
 *
 * <p>Legal where c is a constant that depends on the normalized dimensions only. A summand that is
 * computed is more often a residual than a bias, and stays.
 */
public record FuseNormBias() implements Fusion {
  private static final Variable NORM = any("norm");
  private static final Variable SUMMAND = constant("summand");
  private static final Pattern PATTERN = add(op(LayerNorm.class).as(NORM), SUMMAND);

  @Override
  public String name() {
    return "fuse-norm-bias";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    LayerNorm norm = match.operation(NORM, LayerNorm.class);
    if (norm.bias().isPresent() && norm.bias().get().constant().isEmpty()) {
      return match.require(false, "is not a constant", norm.bias().get());
    }
    Value summand = match.get(SUMMAND);
    return match.require(
        Norms.parameter(summand, norm.x(), norm.axis()).isPresent(),
        "depends on more than the normalized dimensions",
        summand);
  }

  @Override
  public Value replacement(Match.Found match) {
    LayerNorm norm = match.operation(NORM, LayerNorm.class);
    Value summand = Norms.parameter(match.get(SUMMAND), norm.x(), norm.axis()).orElseThrow();
    Value bias = norm.bias().map(b -> Terms.add(b, summand)).orElse(summand);
    return new LayerNorm(norm.x(), norm.scale(), Optional.of(bias), norm.axis(), norm.epsilon())
        .value();
  }
}
