package dev.tenrec.passes.calibration;

import java.util.Arrays;

/**
 * The bound for which the distribution of rounded magnitudes diverges least from that of the
 * clipped ones, after Kullback and Leibler.
 *
 * <p>Source: S. Migacz, 8-bit Inference with TensorRT, GTC 2017.
 */
final class LeastDivergence {
  private static final int BINS = 2048;
  private static final int LEVELS = 128;
  private static final int STRIDE = 8;

  /** How often what was never there may yet occur. */
  private static final double RARE = 1e-4;

  private LeastDivergence() {}

  static double bound(Distribution distribution) {
    double width = distribution.magnitude() / BINS;
    double[] counts = linear(distribution.histogram(), width);
    // Zeros are exact whatever the bound is, and so many that they would outweigh all others.
    counts[0] = counts[1];
    double beyond = 0;
    double best = BINS;
    double least = divergence(counts, BINS, 0);
    for (int bins = BINS - STRIDE; bins >= LEVELS; bins -= STRIDE) {
      for (int i = bins; i < bins + STRIDE; i++) {
        beyond += counts[i];
      }
      double divergence = divergence(counts, bins, beyond);
      if (divergence < least) {
        best = bins;
        least = divergence;
      }
    }
    return best * width;
  }

  /** The counts in bins of the same width, spread evenly where a bin lies in several. */
  private static double[] linear(Histogram histogram, double width) {
    double[] counts = new double[BINS];
    for (int bin = 0; bin < Histogram.BINS; bin++) {
      long count = histogram.count(bin);
      if (count > 0 && width > 0) {
        double first = histogram.lower(bin) / width;
        double last = histogram.upper(bin) / width;
        for (int i = (int) first; i < last; i++) {
          double share = (Math.min(last, i + 1) - Math.max(first, i)) / (last - first);
          counts[Math.min(i, BINS - 1)] += count * share;
        }
      }
    }
    return counts;
  }

  /**
   * How much the first bins tell that is lost when they are rounded to {@link #LEVELS}. What is
   * clipped is missing in the rounded ones, so that they do not add up to 1: otherwise clipping all
   * but a single magnitude, as in images of few grey values, would lose nothing.
   *
   * @param beyond what is clipped to the last of them
   */
  private static double divergence(double[] counts, int bins, double beyond) {
    double[] rounded = rounded(counts, bins);
    double total = Arrays.stream(counts, 0, bins).sum() + beyond;
    double divergence = 0;
    for (int i = 0; i < bins; i++) {
      double reference = counts[i] + (i == bins - 1 ? beyond : 0);
      if (reference > 0) {
        double p = reference / total;
        double q = Math.max(rounded[i], RARE) / total;
        divergence += p * Math.log(p / q);
      }
    }
    return divergence;
  }

  /** Each level's count, spread over those of its bins that are not empty. */
  private static double[] rounded(double[] counts, int bins) {
    double[] rounded = new double[bins];
    for (int level = 0; level < LEVELS; level++) {
      int begin = (int) ((long) level * bins / LEVELS);
      int end = (int) ((level + 1L) * bins / LEVELS);
      double sum = 0;
      int filled = 0;
      for (int i = begin; i < end; i++) {
        sum += counts[i];
        filled += counts[i] > 0 ? 1 : 0;
      }
      for (int i = begin; i < end; i++) {
        rounded[i] = counts[i] > 0 ? sum / filled : 0;
      }
    }
    return rounded;
  }
}
