package dev.tenrec.passes.calibration;

import dev.tenrec.ir.tensor.ElementType;

/** The error to expect when what was observed is quantized with some bound. */
final class QuantizationError {
  /** Bounds are tried in steps of 2 to this power, so far below the largest magnitude. */
  private static final double STEP = -1.0 / 16;

  private static final int STEPS = 16 * 8;

  private final Distribution distribution;
  private final QuantizedNumbers numbers;

  QuantizationError(Distribution distribution, ElementType type) {
    this.distribution = distribution;
    this.numbers = QuantizedNumbers.of(type);
  }

  /** The sum of the squares. */
  double squares(double bound) {
    return of(bound, 2);
  }

  /** The sum of the magnitudes of errors to a power. */
  double of(double bound, double power) {
    Histogram histogram = distribution.histogram();
    double scale = bound / numbers.largest();
    double sum = 0;
    for (int bin = 1; scale > 0 && bin < Histogram.BINS; bin++) {
      long count = histogram.count(bin);
      if (count > 0) {
        double magnitude = histogram.middle(bin);
        double error = magnitude - scale * numbers.nearest(magnitude / scale);
        sum += count * Math.pow(Math.abs(error), power);
      }
    }
    return sum;
  }

  /** The bound for which the error is least; the largest of them. */
  double leastBound() {
    double best = distribution.magnitude();
    double least = squares(best);
    for (int i = 1; i <= STEPS; i++) {
      double bound = distribution.magnitude() * Math.pow(2, i * STEP);
      double error = squares(bound);
      if (error < least) {
        best = bound;
        least = error;
      }
    }
    return best;
  }
}
