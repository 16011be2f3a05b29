package dev.tenrec.passes.quantize;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Positions along an axis of a tensor.
 *
 * @param inner how many elements lie between one position and the next
 */
public record Channels(int count, long inner) {

  static Channels of(ImmutableLongArray sizes, int axis) {
    long inner = sizes.subArray(axis + 1, sizes.length()).stream().reduce(1, (a, b) -> a * b);
    return new Channels(Math.toIntExact(sizes.get(axis)), inner);
  }

  /** Where an element lies. */
  int of(long element) {
    return (int) (element / inner % count);
  }

  /** The largest magnitude at each position. */
  static ImmutableDoubleArray maxima(Tensor tensor, int axis) {
    Channels channels = of(tensor.sizes(), axis);
    double[] maxima = new double[channels.count()];
    for (int i = 0; i < tensor.count(); i++) {
      int channel = channels.of(i);
      maxima[channel] = Math.max(maxima[channel], Math.abs(tensor.getDouble(i)));
    }
    return ImmutableDoubleArray.copyOf(maxima);
  }

  /** The root of the mean square at each position. */
  static ImmutableDoubleArray rootMeanSquares(Tensor tensor, int axis) {
    Channels channels = of(tensor.sizes(), axis);
    double[] means = new double[channels.count()];
    for (int i = 0; i < tensor.count(); i++) {
      means[channels.of(i)] +=
          tensor.getDouble(i) * tensor.getDouble(i) * channels.count() / tensor.count();
    }
    Arrays.setAll(means, i -> Math.sqrt(means[i]));
    return ImmutableDoubleArray.copyOf(means);
  }

  /** A tensor with a factor for each position. */
  public static Tensor scaled(Tensor tensor, int axis, IntToDoubleFunction factor) {
    Channels channels = of(tensor.sizes(), axis);
    return Tensor.ofDoubles(
        tensor.elementType(),
        tensor.sizes(),
        i -> tensor.getDouble(i) * factor.applyAsDouble(channels.of(i)));
  }
}
