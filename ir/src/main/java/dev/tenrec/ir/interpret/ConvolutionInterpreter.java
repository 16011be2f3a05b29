package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution;
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
      case Convolution.Conv(_, _, _, Window window, long groups) ->
          convolve(x, weights, bias, window, Math.toIntExact(groups));
      case Convolution.ConvTranspose(_, _, _, Window window, long groups, var outputPadding) ->
          transposed(x, weights, bias, sweep(x, window, outputPadding), Math.toIntExact(groups));
    };
  }

  private static Tensor convolve(
      Tensor x, Tensor weights, Optional<Tensor> bias, Window window, int groups) {
    Sweep sweep = Sweep.over(spatial(x), window);
    int channels = Math.toIntExact(weights.size(0));
    int channelsIn = Math.toIntExact(weights.size(1));
    checkWeights(weights, window, groups);
    Checks.check(
        x.size(1) == (long) channelsIn * groups && channels % groups == 0,
        "Conv: weights %s in %d groups do not fit %s",
        weights,
        groups,
        x);
    double[] elements = x.toDoubles();
    double[] factors = weights.toDoubles();
    double[][] planes = planes(x.size(0), channels, sweep.positions(), bias);
    int size = Positions.count(sweep.sizes());
    for (int tap = 0; tap < sweep.taps(); tap++) {
      int theTap = tap;
      long[] under = sweep.elementsUnder(tap);
      IntStream.range(0, planes.length)
          .parallel()
          .forEach(plane -> {
            int sample = plane / channels;
            int channel = plane % channels;
            int group = channel / (channels / groups);
            for (int c = 0; c < channelsIn; c++) {
              double factor = factors[(channel * channelsIn + c) * sweep.taps() + theTap];
              int from = ((sample * groups + group) * channelsIn + c) * size;
              double[] sums = planes[plane];
              for (int i = 0; i < sums.length; i++) {
                sums[i] += under[i] < 0 ? 0 : factor * elements[from + (int) under[i]];
              }
            }
          });
    }
    return joined(x, channels, sweep.steps(), planes);
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

  private static Tensor transposed(
      Tensor x, Tensor weights, Optional<Tensor> bias, Sweep sweep, int groups) {
    int channelsOfGroup = Math.toIntExact(weights.size(1));
    int channels = channelsOfGroup * groups;
    checkWeights(weights, sweep.window(), groups);
    Checks.check(
        x.size(1) == weights.size(0) && x.size(1) % groups == 0,
        "ConvTranspose: weights %s in %d groups do not fit %s",
        weights,
        groups,
        x);
    int channelsIn = Math.toIntExact(x.size(1)) / groups;
    double[] elements = x.toDoubles();
    double[] factors = weights.toDoubles();
    int size = Positions.count(sweep.steps());
    double[][] planes = planes(x.size(0), channels, Positions.count(sweep.sizes()), bias);
    for (int tap = 0; tap < sweep.taps(); tap++) {
      int theTap = tap;
      long[] under = sweep.elementsUnder(tap);
      IntStream.range(0, planes.length)
          .parallel()
          .forEach(plane -> {
            int sample = plane / channels;
            int group = plane % channels / channelsOfGroup;
            int channel = plane % channelsOfGroup;
            for (int c = 0; c < channelsIn; c++) {
              int channelIn = group * channelsIn + c;
              double factor =
                  factors[(channelIn * channelsOfGroup + channel) * sweep.taps() + theTap];
              int from = (sample * channelsIn * groups + channelIn) * size;
              for (int i = 0; i < under.length; i++) {
                if (under[i] >= 0) {
                  planes[plane][(int) under[i]] += factor * elements[from + i];
                }
              }
            }
          });
    }
    return joined(x, channels, sweep.sizes(), planes);
  }

  private static ImmutableLongArray spatial(Tensor x) {
    return x.sizes().subArray(2, x.rank());
  }

  private static void checkWeights(Tensor weights, Window window, int groups) {
    Checks.check(
        spatial(weights).equals(window.kernel()) && groups > 0,
        "weights %s do not fit a kernel of %s",
        weights,
        window.kernel());
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
