package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code activation(conv(x, w, b)) → conv(x, w, b, activation)}: one operation, as backends compute
 * it.
 *
 * <p>Legal for all activations. Comes last, as what moves into the weights must come before the
 * activation.
 */
public record FuseConvActivation() implements Fusion {
  private static final Variable CONV = any("conv");
  private static final Variable ACTIVATION = any("activation");
  private static final Pattern PATTERN =
      op(
              Activation.class,
              _ -> true,
              "is not computed by an activation",
              op(Conv.class, conv -> conv.activation().isEmpty(), "is not a plain convolution")
                  .as(CONV))
          .as(ACTIVATION);

  @Override
  public String name() {
    return "fuse-conv-activation";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Value replacement(Match.Found match) {
    Activation activation = match.operation(ACTIVATION, Activation.class);
    return match.operation(CONV, Conv.class).withActivation(activation.function()).value();
  }
}
