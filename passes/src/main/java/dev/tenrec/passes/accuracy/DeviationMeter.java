package dev.tenrec.passes.accuracy;

import dev.tenrec.ir.tensor.Tensor;

/** Sums up what a {@link Deviation} needs, tensor by tensor. Not for several threads. */
public final class DeviationMeter {
  private long elements;
  private long broken;
  private long finite;
  private double max;
  private double absolute;
  private double noise;
  private double expectedSquares;
  private double actualSquares;
  private double products;

  /** Compares two tensors. Of those of different sizes all elements are broken. */
  public void add(Tensor expected, Tensor actual) {
    elements += expected.count();
    if (!expected.sizes().equals(actual.sizes())) {
      broken += Math.max(1, expected.count());
      return;
    }
    for (long i = 0; i < expected.count(); i++) {
      add(expected.getDouble(i), actual.getDouble(i));
    }
  }

  private void add(double expected, double actual) {
    if (Double.isFinite(expected) && Double.isFinite(actual)) {
      finite++;
      double error = Math.abs(actual - expected);
      max = Math.max(max, error);
      absolute += error;
      noise += error * error;
      expectedSquares += expected * expected;
      actualSquares += actual * actual;
      products += expected * actual;
    } else if (Double.compare(expected, actual) != 0) {
      broken++;
    }
  }

  /** What was found so far. */
  public Deviation deviation() {
    if (broken > 0 || (finite == 0 && elements > 0)) {
      return new Deviation(
          elements,
          broken,
          Double.POSITIVE_INFINITY,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          Double.NEGATIVE_INFINITY);
    }
    return new Deviation(
        elements, broken, max, elements == 0 ? 0 : absolute / elements, cosine(), decibels());
  }

  private double cosine() {
    if (noise == 0) {
      return 1;
    }
    double lengths = Math.sqrt(expectedSquares) * Math.sqrt(actualSquares);
    return lengths == 0 ? 0 : products / lengths;
  }

  private double decibels() {
    return noise == 0 ? Double.POSITIVE_INFINITY : 10 * Math.log10(expectedSquares / noise);
  }
}
