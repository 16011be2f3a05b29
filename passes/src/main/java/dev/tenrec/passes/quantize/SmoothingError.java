package dev.tenrec.passes.quantize;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The mean square error that is expected of products of 8-bit integers, but for a constant factor:
 * rounding to multiples of d errs by d² / 12 on average, whichever number is rounded.
 */
final class SmoothingError {
  /** Numbers further out than so many root mean squares are few: calibration cuts them off. */
  private static final double REACH = 6;

  private final ChannelStatistics seen;

  private final List<Matrix> matrices = new ArrayList<>();
  private final double[] largest;

  /** The largest magnitude in each channel that counts. */
  private final double[] reach;

  /**
   * Weights.
   *
   * @param axis of the channels, 0 or 1
   */
  private record Matrix(Tensor weights, int axis) {
    double get(long channel, long output) {
      long row = axis == 0 ? channel : output;
      long column = axis == 0 ? output : channel;
      return Math.abs(weights.getDouble(row * weights.size(1) + column));
    }

    long outputs() {
      return weights.size(1 - axis);
    }
  }

  SmoothingError(ChannelStatistics seen) {
    this.seen = seen;
    this.largest = new double[seen.maxima().length()];
    this.reach = new double[largest.length];
    for (int i = 0; i < reach.length; i++) {
      reach[i] = Math.min(seen.maxima().get(i), REACH * Math.sqrt(seen.squares().get(i)));
    }
  }

  /** Counts in the products with a matrix whose channels lie along an axis. */
  void add(Tensor weights, int axis) {
    ImmutableDoubleArray maxima = Channels.maxima(weights, axis);
    for (int i = 0; i < largest.length; i++) {
      largest[i] = Math.max(largest[i], maxima.get(i));
    }
    matrices.add(new Matrix(weights, axis));
  }

  /** What divides each channel for a share of the way from weights to activations. */
  ImmutableDoubleArray factors(double share) {
    double[] factors = new double[largest.length];
    for (int i = 0; i < factors.length; i++) {
      double factor = Math.pow(reach[i], share) / Math.pow(largest[i], 1 - share);
      factors[i] = factor > 0 && Double.isFinite(factor) ? factor : 1;
    }
    return ImmutableDoubleArray.copyOf(factors);
  }

  ImmutableDoubleArray none() {
    double[] ones = new double[largest.length];
    Arrays.fill(ones, 1);
    return ImmutableDoubleArray.copyOf(ones);
  }

  double of(ImmutableDoubleArray factors) {
    double bound = 0;
    for (int i = 0; i < largest.length; i++) {
      bound = Math.max(bound, reach[i] / factors.get(i));
    }
    double error = 0;
    double activations = 0;
    for (int i = 0; i < largest.length; i++) {
      activations += seen.squares().get(i) / (factors.get(i) * factors.get(i));
    }
    for (Matrix matrix : matrices) {
      for (long output = 0; output < matrix.outputs(); output++) {
        double widest = 0;
        double squares = 0;
        for (int i = 0; i < largest.length; i++) {
          double weight = matrix.get(i, output) * factors.get(i);
          widest = Math.max(widest, weight);
          squares += weight * weight;
        }
        error += bound * bound * squares + widest * widest * activations;
      }
    }
    return error;
  }
}
