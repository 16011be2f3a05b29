package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.constant;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Normalization.BatchNorm;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/**
 * {@code batchNorm(conv(x, w, c), scale, bias, mean, variance) → conv(x, f w, f c + bias - f mean)}
 * with the factors {@code f = scale / sqrt(variance + epsilon)} of the output channels; transposed
 * convolutions likewise.
 *
 * <p>Legal for constant weights and statistics, and for transposed convolutions of one group. The
 * arithmetic is left to constant folding.
 *
 * <p>Source: Ioffe and Szegedy, "Batch Normalization", 2015; Jacob et al., "Quantization and
 * Training of Neural Networks for Efficient Integer-Arithmetic-Only Inference", 2017, section 3.2.
 */
public record FuseConvBatchNorm() implements Fusion {
  private static final Variable CONV = Convolutions.CONV;
  private static final Variable NORM = any("norm");
  private static final Pattern PATTERN =
      op(
              BatchNorm.class,
              _ -> true,
              "is not a batch normalization",
              Convolutions.PATTERN,
              constant("scale"),
              constant("bias"),
              constant("mean"),
              constant("variance"))
          .as(NORM);

  @Override
  public String name() {
    return "fuse-conv-batch-norm";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    return Convolutions.check(match);
  }

  @Override
  public Value replacement(Match.Found match) {
    BatchNorm norm = match.operation(NORM, BatchNorm.class);
    Value deviation = Terms.unary(UnaryKind.SQRT, Terms.add(norm.variance(), norm.epsilon()));
    Value factor = Terms.div(norm.scale(), deviation);
    Value summand = Terms.sub(norm.bias(), Terms.mul(norm.mean(), factor));
    return PerChannel.of(match.get(CONV))
        .orElseThrow()
        .scaled(factor, Optional.of(summand))
        .value();
  }
}
