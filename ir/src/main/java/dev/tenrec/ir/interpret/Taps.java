package dev.tenrec.ir.interpret;

import dev.tenrec.ir.Resampling.Interpolation;

/** The neighbours of a position along one axis and their shares in the value there. */
final class Taps {
  private final long first;
  private final double[] weights;

  private Taps(long first, double... weights) {
    this.first = first;
    this.weights = weights;
  }

  /**
   * @param coefficient of the cubic convolution, the derivative at distance 1. Source: R. Keys,
   *     "Cubic Convolution Interpolation for Digital Image Processing", 1981
   */
  static Taps around(double position, Interpolation interpolation, double coefficient) {
    // No tensor is as large as the positions that this cuts off.
    double finite = Math.clamp(position, -0x1p40, 0x1p40);
    long below = (long) Math.floor(finite);
    double rest = finite - below;
    return switch (interpolation) {
      case NEAREST -> at((long) Math.rint(finite));
      case LINEAR -> new Taps(below, 1 - rest, rest);
      case CUBIC ->
          new Taps(
              below - 1,
              outerCubic(1 + rest, coefficient),
              innerCubic(rest, coefficient),
              innerCubic(1 - rest, coefficient),
              outerCubic(2 - rest, coefficient));
    };
  }

  static Taps at(long position) {
    return new Taps(position, 1);
  }

  private static double innerCubic(double distance, double a) {
    return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
  }

  private static double outerCubic(double distance, double a) {
    return ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a;
  }

  int count() {
    return weights.length;
  }

  long position(int tap) {
    return first + tap;
  }

  double weight(int tap) {
    return weights[tap];
  }

  /** The same without what lies outside of an axis; the other shares grow to a sum of 1. */
  Taps within(long size) {
    double[] inside = weights.clone();
    double sum = 0;
    for (int tap = 0; tap < inside.length; tap++) {
      inside[tap] = position(tap) >= 0 && position(tap) < size ? inside[tap] : 0;
      sum += inside[tap];
    }
    for (int tap = 0; tap < inside.length; tap++) {
      inside[tap] /= sum;
    }
    return new Taps(first, inside);
  }
}
