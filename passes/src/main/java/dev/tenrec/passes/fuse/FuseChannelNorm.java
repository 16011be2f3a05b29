package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.op;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Normalization.ChannelNorm;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.stream.IntStream;

/**
 * {@code channelsFirst(layerNorm(channelsLast(x), scale, bias)) → channelNorm(x, scale, bias)}.
 *
 * <p>Legal where the normalization is over the channels alone, with one parameter for each of them.
 *
 * <p>Source: Liu et al., "A ConvNet for the 2020s", 2022.
 */
public record FuseChannelNorm() implements Fusion {
  private static final Variable X = any("x");
  private static final Variable SCALE = any("scale");
  private static final Variable BIAS = any("bias");
  private static final Variable NORM = any("norm");
  private static final Pattern LAST =
      op(Transpose.class, FuseChannelNorm::movesLast, "does not bring the channels to the end", X);
  private static final Pattern PATTERN =
      op(
          Transpose.class,
          FuseChannelNorm::movesFirst,
          "does not bring the channels back",
          either(norm(LAST, SCALE), norm(LAST, SCALE, BIAS)));

  private static Pattern norm(Pattern... operands) {
    return op(
            LayerNorm.class, op -> op.axis() == op.x().rank() - 1, "is not over one axis", operands)
        .as(NORM);
  }

  private static boolean movesLast(Transpose op) {
    int last = op.x().rank() - 1;
    return last > 1
        && IntStream.rangeClosed(1, last)
            .allMatch(i -> op.permutation().get(i) == (i == last ? 1 : i + 1));
  }

  private static boolean movesFirst(Transpose op) {
    int last = op.x().rank() - 1;
    return IntStream.rangeClosed(1, last)
        .allMatch(i -> op.permutation().get(i) == (i == 1 ? last : i - 1));
  }

  @Override
  public String name() {
    return "fuse-channel-norm";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Value x = match.get(X);
    boolean perChannel =
        x.dim(1).value().isPresent()
            && isVector(match.get(SCALE), x)
            && match.find(BIAS).map(bias -> isVector(bias, x)).orElse(true);
    return match.require(perChannel, "is not normalized with a parameter per channel", x);
  }

  private static boolean isVector(Value parameter, Value x) {
    return parameter.rank() == 1 && parameter.dim(0).equals(x.dim(1));
  }

  @Override
  public Value replacement(Match.Found match) {
    Value x = match.get(X);
    ImmutableLongArray sizes = ImmutableLongArray.of(x.dim(1).value().orElseThrow());
    Value bias =
        match
            .find(BIAS)
            .orElseGet(() -> Terms.constant(Tensor.ofDoubles(x.elementType(), sizes, _ -> 0)));
    double epsilon = match.operation(NORM, LayerNorm.class).epsilon();
    return new ChannelNorm(x, match.get(SCALE), bias, epsilon).value();
  }
}
