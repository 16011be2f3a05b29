package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/** What the fusions into convolutions share. */
final class Convolutions {
  static final Variable CONV = any("conv");

  /** A convolution of either direction. */
  static final Pattern PATTERN = either(op(Conv.class).as(CONV), op(ConvTranspose.class).as(CONV));

  private Convolutions() {}

  static Match check(Match.Found match) {
    return match.require(
        PerChannel.of(match.get(CONV)).isPresent(),
        "is a convolution without constant weights, or a transposed one of several groups",
        match.get(CONV));
  }

  /** As {@link #check(Match.Found)}, and the value is a constant per channel. */
  static Match check(Match.Found match, Variable value) {
    boolean perChannel =
        PerChannel.of(match.get(CONV))
            .flatMap(conv -> conv.vector(match.get(value), match.get(CONV).rank()))
            .isPresent();
    return check(match) instanceof Match.Rejected rejected
        ? rejected
        : match.require(perChannel, "differs within a channel", match.get(value));
  }
}
