package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.constant;
import static dev.tenrec.passes.rewrite.Patterns.mul;

import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/**
 * {@code conv(x, w, b) c → conv(x, w c, b c)}, for example the layer scale behind a convolution.
 *
 * <p>Legal for constants, where c has one element per output channel or one in all.
 */
public record FuseConvScale() implements Fusion {
  private static final Variable FACTOR = constant("factor");
  private static final Pattern PATTERN = mul(Convolutions.PATTERN, FACTOR);

  @Override
  public String name() {
    return "fuse-conv-scale";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    return Convolutions.check(match, FACTOR);
  }

  @Override
  public Value replacement(Match.Found match) {
    Value result = match.get(Convolutions.CONV);
    PerChannel conv = PerChannel.of(result).orElseThrow();
    Value factor = conv.vector(match.get(FACTOR), result.rank()).orElseThrow();
    return conv.scaled(factor, Optional.empty()).value();
  }
}
