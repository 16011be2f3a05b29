package dev.tenrec.compiler.verify;

import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * How far a number may be from the expected one: {@code |actual - expected| <= absolute * scale +
 * relative * |expected|}. NaN equals NaN; integers and booleans must be equal.
 *
 * @param absolute the first term
 * @param relative the factor of the second term
 * @param scaled whether scale is {@code max(1, max |expected|)} over the tensor instead of 1
 */
public record Tolerance(double absolute, double relative, boolean scaled) {
  /** For everything that computes in single precision, or better. */
  public static final Tolerance EXACT_MATH = new Tolerance(1e-5, 1e-3, false);

  /** For TensorRT in single precision without TF32, whose kernels sum in other orders. */
  public static final Tolerance TENSORRT_FLOAT32 = new Tolerance(1e-4, 1e-3, true);

  /** For computation in half precision. */
  public static final Tolerance FLOAT16 = new Tolerance(2e-3, 2e-2, true);

  /** For computation in bfloat16, which has three bits less. */
  public static final Tolerance BFLOAT16 = new Tolerance(1.6e-2, 5e-2, true);

  /** For products of numbers of 8 bits. */
  public static final Tolerance EIGHT_BITS = new Tolerance(1e-1, 1e-1, true);

  /** For weights of 4 bits. */
  public static final Tolerance FOUR_BITS = new Tolerance(5e-1, 5e-1, true);

  /** The first difference beyond the tolerance, in words; empty if there is none. */
  public Optional<String> difference(Tensor actual, Tensor expected) {
    if (actual.elementType() != expected.elementType()
        || !actual.sizes().equals(expected.sizes())) {
      return Optional.of("is %s, expected %s".formatted(actual, expected));
    }
    double bound = absolute * (scaled ? Math.max(1, largest(expected)) : 1);
    boolean floating = expected.elementType().isFloating();
    long wrong = 0;
    long worst = -1;
    double worstError = -1;
    for (long i = 0; i < expected.count(); i++) {
      double error = floating ? error(actual, expected, i) : mismatch(actual, expected, i);
      double allowed = floating ? bound + relative * Math.abs(expected.getDouble(i)) : 0;
      if (error > allowed || error == Double.POSITIVE_INFINITY) {
        wrong++;
        if (error > worstError) {
          worst = i;
          worstError = error;
        }
      }
    }
    return wrong == 0
        ? Optional.empty()
        : Optional.of(describe(actual, expected, wrong, worst, floating));
  }

  private static String describe(
      Tensor actual, Tensor expected, long wrong, long worst, boolean floating) {
    return "%d of %d elements differ, most at %d: %s, expected %s"
        .formatted(
            wrong,
            expected.count(),
            worst,
            floating ? (Object) actual.getDouble(worst) : (Object) actual.getLong(worst),
            floating ? (Object) expected.getDouble(worst) : (Object) expected.getLong(worst));
  }

  /** The distance; infinite where only one of the two is finite or a number. */
  private static double error(Tensor actual, Tensor expected, long i) {
    double a = actual.getDouble(i);
    double e = expected.getDouble(i);
    if (a == e || (Double.isNaN(a) && Double.isNaN(e))) {
      return 0;
    }
    return Double.isFinite(a - e) ? Math.abs(a - e) : Double.POSITIVE_INFINITY;
  }

  private static double mismatch(Tensor actual, Tensor expected, long i) {
    return actual.getLong(i) == expected.getLong(i) ? 0 : 1;
  }

  private static double largest(Tensor tensor) {
    double largest = 0;
    for (long i = 0; i < tensor.count(); i++) {
      double magnitude = Math.abs(tensor.getDouble(i));
      largest = Double.isFinite(magnitude) ? Math.max(largest, magnitude) : largest;
    }
    return largest;
  }
}
