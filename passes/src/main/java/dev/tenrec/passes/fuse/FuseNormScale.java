package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.castOrNot;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.Constants;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code norm(x, s, b) c → norm(x, s c, b c)} for layer and RMS normalization. The product may be
 * taken in another element type, as exporters of half-precision models write it: {@code
 * cast(norm(x, s)) c → cast(norm(x, s cast(c)))}, which rounds once less.
 *
 * <p>Legal where c depends on the normalized dimensions only, and either is a constant or meets a
 * scale of ones and no bias, so that no arithmetic is added.
 */
public record FuseNormScale() implements Fusion {
  private static final Variable NORM = any("norm");
  private static final Variable FACTOR = any("factor");
  private static final Pattern PATTERN =
      mul(castOrNot(either(op(LayerNorm.class).as(NORM), op(RmsNorm.class).as(NORM))), FACTOR);

  @Override
  public String name() {
    return "fuse-norm-scale";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Norm norm = Norm.of(match.get(NORM));
    Value factor = match.get(FACTOR);
    if (Norms.parameter(factor, norm.x(), norm.axis()).isEmpty()) {
      return match.require(false, "depends on more than the normalized dimensions", factor);
    }
    boolean plain = Constants.isAll(norm.scale(), 1) && norm.bias().isEmpty();
    boolean constant = factor.constant().isPresent() && norm.scale().constant().isPresent();
    return match.require(plain || constant, "is not a constant", factor);
  }

  @Override
  public Value replacement(Match.Found match) {
    Norm norm = Norm.of(match.get(NORM));
    ElementType inner = norm.x().elementType();
    Value factor = Terms.cast(match.get(FACTOR), inner);
    Value parameter = Norms.parameter(factor, norm.x(), norm.axis()).orElseThrow();
    Value scale = Constants.isAll(norm.scale(), 1) ? parameter : Terms.mul(norm.scale(), parameter);
    Value result = norm.with(scale, norm.bias().map(bias -> Terms.mul(bias, parameter))).value();
    return Terms.cast(result, match.root().elementType());
  }
}
