package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.constant;

import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code conv(x, w, b) + c → conv(x, w, b + c)}; without b the new bias is c.
 *
 * <p>Legal for constants, where c has one element per output channel or one in all.
 */
public record FuseConvBias() implements Fusion {
  private static final Variable SUMMAND = constant("summand");
  private static final Pattern PATTERN = add(Convolutions.PATTERN, SUMMAND);

  @Override
  public String name() {
    return "fuse-conv-bias";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    return Convolutions.check(match, SUMMAND);
  }

  @Override
  public Value replacement(Match.Found match) {
    Value result = match.get(Convolutions.CONV);
    PerChannel conv = PerChannel.of(result).orElseThrow();
    return conv.plus(conv.vector(match.get(SUMMAND), result.rank()).orElseThrow()).value();
  }
}
