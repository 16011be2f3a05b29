package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Convolutions as sums over the taps of the kernel: for each tap, every channel of the result takes
 * the elements under it. Channels run in parallel.
 */
final class ConvolutionInterpreter {
  private ConvolutionInterpreter() {}

  static Tensor evaluate(Convolution op, List<Tensor> in) {
    Tensor x = in.get(0);
    Tensor weights = in.get(1);
    Optional<Tensor> bias = in.size() > 2 ? Optional.of(in.get(2)) : Optional.empty();
    return switch (op) {
      case Convolution.Conv(Value operand, _, _, Window window, long groups, var activation) -> {
        Channels channels = Channels.of(weights.size(0), weights.size(1) * groups, groups, false);
        channels.check("Conv", x, weights, window);
        Tensor sums = run(channels, x, weights, bias, Sweep.over(spatial(x), window));
        yield activation
            .map(it -> ElementwiseInterpreter.evaluate(it.of(operand), List.of(sums)))
            .orElse(sums);
      }
      case Convolution.ConvTranspose(_, _, _, Window window, long groups, var outputPadding) -> {
        Channels channels = Channels.of(weights.size(1) * groups, weights.size(0), groups, true);
        channels.check("ConvTranspose", x, weights, window);
        yield run(channels, x, weights, bias, sweep(x, window, outputPadding));
      }
    };
  }

  /**
   * How channels are connected.
   *
   * @param out channels of the result
   * @param in channels of the operand
   * @param transposed whether the weights are ordered by the channels of the operand
   */
  private record Channels(int out, int in, int groups, boolean transposed) {
    static Channels of(long out, long in, long groups, boolean transposed) {
      return new Channels(
          Math.toIntExact(out), Math.toIntExact(in), Math.toIntExact(groups), transposed);
    }

    void check(String operation, Tensor x, Tensor weights, Window window) {
      Checks.check(
          groups > 0
              && x.size(1) == in
              && out % groups == 0
              && in % groups == 0
              && spatial(weights).equals(window.kernel()),
          "%s: weights %s in %d groups do not fit %s",
          operation,
          weights,
          groups,
          x);
    }

    int inPerGroup() {
      return in / groups;
    }

    /** The channel of the operand that is the i-th of those that a channel of the result reads. */
    int source(int channel, int i) {
      return channel / (out / groups) * inPerGroup() + i;
    }

    /** The position of the kernel that connects them. */
    int kernel(int channel, int i) {
      return transposed
          ? source(channel, i) * (out / groups) + channel % (out / groups)
          : channel * inPerGroup() + i;
    }
  }

  private static Tensor run(
      Channels channels, Tensor x, Tensor weights, Optional<Tensor> bias, Sweep sweep) {
    ImmutableLongArray spatial = channels.transposed ? sweep.sizes() : sweep.steps();
    double[][] planes = planes(x.size(0), channels.out, Positions.count(spatial), bias);
    double[] elements = x.toDoubles();
    double[] factors = weights.toDoubles();
    int size = Positions.count(spatial(x));
    int taps = sweep.taps();
    for (int tap = 0; tap < taps; tap++) {
      int theTap = tap;
      long[] under = sweep.elementsUnder(tap);
      IntStream.range(0, planes.length)
          .parallel()
          .forEach(plane -> {
            int sample = plane / channels.out;
            int channel = plane % channels.out;
            for (int i = 0; i < channels.inPerGroup(); i++) {
              double factor = factors[channels.kernel(channel, i) * taps + theTap];
              int from = (sample * channels.in + channels.source(channel, i)) * size;
              if (channels.transposed) {
                spread(planes[plane], factor, elements, from, under);
              } else {
                collect(planes[plane], factor, elements, from, under);
              }
            }
          });
    }
    return joined(x, channels.out, spatial, planes);
  }

  /** Each position of the result takes the element under the tap. */
  private static void collect(
      double[] sums, double factor, double[] elements, int from, long[] under) {
    for (int i = 0; i < under.length; i++) {
      sums[i] += under[i] < 0 ? 0 : factor * elements[from + (int) under[i]];
    }
  }

  /** Each element goes to the position of the result under the tap. */
  private static void spread(
      double[] sums, double factor, double[] elements, int from, long[] under) {
    for (int i = 0; i < under.length; i++) {
      if (under[i] >= 0) {
        sums[(int) under[i]] += factor * elements[from + i];
      }
    }
  }

  /** The sweep of the convolution that the transposed one belongs to: over its result. */
  private static Sweep sweep(Tensor x, Window window, ImmutableLongArray outputPadding) {
    ImmutableLongArray steps = spatial(x);
    ImmutableLongArray.Builder sizes = ImmutableLongArray.builder();
    for (int i = 0; i < steps.length(); i++) {
      long size =
          (steps.get(i) - 1) * window.strides().get(i)
              + window.extent(i)
              + outputPadding.get(i)
              - window.before().get(i)
              - window.after().get(i);
      Checks.check(size >= 0, "ConvTranspose: nothing of %s is left by %s", x, window);
      sizes.add(size);
    }
    return new Sweep(window, sizes.build(), steps);
  }

  private static ImmutableLongArray spatial(Tensor x) {
    return x.sizes().subArray(2, x.rank());
  }

  /** The spatial elements of each channel of each sample, filled with the bias. */
  private static double[][] planes(
      long samples, int channels, int positions, Optional<Tensor> bias) {
    bias.ifPresent(b -> Checks.sizes("bias", b, ImmutableLongArray.of(channels)));
    double[][] planes = new double[Math.toIntExact(samples * channels)][positions];
    bias.ifPresent(b -> {
      for (int i = 0; i < planes.length; i++) {
        Arrays.fill(planes[i], b.getDouble(i % channels));
      }
    });
    return planes;
  }

  private static Tensor joined(
      Tensor x, int channels, ImmutableLongArray spatial, double[][] planes) {
    ImmutableLongArray sizes =
        ImmutableLongArray.builder().add(x.size(0)).add(channels).addAll(spatial).build();
    int size = Positions.count(spatial);
    return Tensor.ofDoubles(x.elementType(), sizes, i -> planes[i / size][i % size]);
  }
}
