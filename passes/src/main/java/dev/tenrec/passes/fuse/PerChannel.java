package dev.tenrec.passes.fuse;

import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import java.util.Arrays;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * A convolution whose weights and bias are constants, and that takes factors and summands of its
 * output channels into them.
 *
 * @param channelAxis the axis of the weights that runs over the output channels
 */
record PerChannel(Op op, Value weights, Optional<Value> bias, int channelAxis, long channels) {
  /** The convolution that computes a value; empty if its weights are not constants. */
  static Optional<PerChannel> of(Value value) {
    return switch (value.producer().orElseThrow().op()) {
      case Conv conv when conv.activation().isEmpty() -> of(conv, conv.weights(), conv.bias(), 0);
      case ConvTranspose conv when conv.groups() == 1 -> of(conv, conv.weights(), conv.bias(), 1);
      default -> Optional.empty();
    };
  }

  private static Optional<PerChannel> of(Op op, Value weights, Optional<Value> bias, int axis) {
    boolean constants =
        weights.constant().isPresent() && bias.stream().allMatch(b -> b.constant().isPresent());
    OptionalLong channels = weights.dim(axis).value();
    return constants && channels.isPresent()
        ? Optional.of(new PerChannel(op, weights, bias, axis, channels.getAsLong()))
        : Optional.empty();
  }

  /**
   * A factor or summand of the output as a vector over its channels; empty if it is not a constant
   * or differs within a channel.
   *
   * @param value broadcast to an output of the given rank
   */
  Optional<Value> vector(Value value, int rank) {
    int own = value.rank() - rank + 1;
    boolean fits =
        value.constant().isPresent()
            && value.rank() <= rank
            && IntStream.range(0, value.rank())
                .allMatch(
                    axis -> value.dim(axis).is(1) || (axis == own && value.dim(axis).is(channels)));
    if (!fits) {
      return Optional.empty();
    }
    long count = value.constant().orElseThrow().count();
    Value vector = value.rank() == 1 ? value : Terms.reshape(value, count);
    return Optional.of(count == channels ? vector : Terms.expand(vector, channels));
  }

  /** {@code op(x) factor + summand}, both vectors over the channels. */
  Op scaled(Value factor, Optional<Value> summand) {
    long[] sizes = new long[weights.rank()];
    Arrays.fill(sizes, 1);
    sizes[channelAxis] = channels;
    Value newWeights = Terms.mul(weights, Terms.reshape(factor, sizes));
    Optional<Value> scaledBias = bias.map(b -> Terms.mul(b, factor));
    return with(newWeights, sum(scaledBias, summand));
  }

  /** {@code op(x) + summand}, a vector over the channels. */
  Op plus(Value summand) {
    return with(weights, sum(bias, Optional.of(summand)));
  }

  private static Optional<Value> sum(Optional<Value> a, Optional<Value> b) {
    return a.isPresent() && b.isPresent()
        ? Optional.of(Terms.add(a.get(), b.get()))
        : a.or(() -> b);
  }

  private Op with(Value newWeights, Optional<Value> newBias) {
    return switch (op) {
      case Conv conv -> new Conv(conv.x(), newWeights, newBias, conv.window(), conv.groups());
      case ConvTranspose conv ->
          new ConvTranspose(
              conv.x(), newWeights, newBias, conv.window(), conv.groups(), conv.outputPadding());
      default -> throw new IllegalStateException(op + " is not a convolution");
    };
  }
}
