package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.quantize.FoldedFactors.Place;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;

/**
 * Decides what channels are divided by at each {@link Seam}, so that one scale serves all of them:
 *
 * <pre>
 * s = rms(x c)^a / max|w|^(1 - a), for each channel
 * </pre>
 *
 * <p>a is chosen such that the expected error of the products is smallest: found on one half of the
 * samples, it is judged on the other, and channels stay as they are where little is gained or
 * known. Sources: Xiao et al., "SmoothQuant", 2023, for matrix products; Nagel et al., "Data-Free
 * Quantization Through Weight Equalization and Bias Correction", 2019, for convolutions, here with
 * what samples tell of activations. Maxima, which both take, are chance where samples are few.
 *
 * @param calibrator chooses the bounds
 * @param type of rounded numbers
 * @param remedies those that are wanted
 */
public record ChannelFactors(
    Calibrator calibrator, ElementType type, ImmutableSet<Remedy> remedies) {
  private static final int STEPS = 10;

  /** Errors that are reduced by less are not worth it. */
  private static final double GAIN = 0.8;

  /** What is smaller than the largest by more than this counts as if it were not. */
  private static final double SPREAD = 16;

  /** With fewer samples, or fewer rows of them, what is found is chance. */
  private static final int LEAST_SAMPLES = 16;

  private static final int LEAST_ROWS = 64;

  /**
   * The factors for the channels of values, by name.
   *
   * @param statistics of values, by name
   */
  public ImmutableMap<String, ImmutableDoubleArray> of(
      Graph graph, Map<String, ChannelStatistics> statistics) {
    OtherConstants constants = new OtherConstants();
    ImmutableMap.Builder<String, ImmutableDoubleArray> factors = ImmutableMap.builder();
    Seam.of(graph)
        .forEach((name, seam) -> {
          ChannelStatistics seen = statistics.get(name);
          if (seen != null
              && seen.samples() >= LEAST_SAMPLES
              && seen.rows().size(0) >= LEAST_ROWS
              && remedies.contains(seam.isConvolved() ? Remedy.EQUALIZE : Remedy.SMOOTH)) {
            best(seam, seen.rows(), constants)
                .ifPresent(best -> {
                  seam.divide(best, constants);
                  factors.put(name, best);
                });
          }
        });
    return factors.buildOrThrow();
  }

  private Optional<ImmutableDoubleArray> best(Seam seam, Tensor rows, OtherConstants constants) {
    long half = rows.size(0) / 2;
    Tensor seen = rows(rows, 0, half);
    ProductError error =
        new ProductError(seen, rows(rows, half, rows.size(0) - half), calibrator, type);
    double[] weights = new double[seam.channels()];
    for (Place place : seam.ahead()) {
      Tensor tensor = constants.get(place.reading());
      error.add(tensor, place.axis(), seam.isConvolved());
      ImmutableDoubleArray maxima = Channels.maxima(tensor, place.axis());
      Arrays.setAll(weights, i -> Math.max(weights[i], maxima.get(i)));
    }
    return best(error, leveled(Channels.rootMeanSquares(seen, 1).toArray()), leveled(weights));
  }

  private static Optional<ImmutableDoubleArray> best(
      ProductError error, double[] data, double[] weights) {
    double[] none = new double[data.length];
    Arrays.fill(none, 1);
    double least = GAIN * error.of(ImmutableDoubleArray.copyOf(none));
    Optional<ImmutableDoubleArray> best = Optional.empty();
    for (int step = 1; step <= STEPS; step++) {
      ImmutableDoubleArray factors = factors(data, weights, (double) step / STEPS);
      double now = error.of(factors);
      if (now < least) {
        least = now;
        best = Optional.of(factors);
      }
    }
    return best;
  }

  /** For a share of the way from weights to activations. */
  private static ImmutableDoubleArray factors(double[] data, double[] weights, double share) {
    double[] factors = new double[data.length];
    Arrays.setAll(factors, i -> Math.pow(data[i], share) / Math.pow(weights[i], 1 - share));
    return ImmutableDoubleArray.copyOf(factors);
  }

  /** Numbers of not too different size; 0 or less only if all are. */
  private static double[] leveled(double[] numbers) {
    double least = Arrays.stream(numbers).max().orElse(0) / SPREAD;
    return Arrays.stream(numbers).map(number -> Math.max(number, least)).toArray();
  }

  private static Tensor rows(Tensor rows, long first, long count) {
    long channels = rows.size(1);
    return Tensor.ofDoubles(
        rows.elementType(),
        ImmutableLongArray.of(count, channels),
        i -> rows.getDouble(first * channels + i));
  }
}
