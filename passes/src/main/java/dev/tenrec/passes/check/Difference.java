package dev.tenrec.passes.check;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Locale;
import java.util.Map;

/**
 * How far one output is from what was expected. NaN equals NaN, and infinity itself.
 *
 * @param output its name
 * @param absolute the largest |actual − expected|
 * @param error the largest |actual − expected| / (1 + |expected|), which tolerances are compared
 *     with; infinite where integers or truth values differ, where only one of both is finite, and
 *     where type or shape differ
 * @param worst what differs most, in words; empty if nothing does
 */
public record Difference(String output, double absolute, double error, String worst) {

  /** Compares all outputs of a graph. */
  public static ImmutableList<Difference> between(
      Map<String, Tensor> expected, Map<String, Tensor> actual) {
    return expected.entrySet().stream()
        .map(entry -> {
          Tensor found = actual.get(entry.getKey());
          return found == null
              ? failed(entry.getKey(), "it is missing")
              : between(entry.getKey(), entry.getValue(), found);
        })
        .collect(ImmutableList.toImmutableList());
  }

  /** An output that is not there, or is something else altogether. */
  static Difference failed(String output, String problem) {
    return new Difference(output, Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY, problem);
  }

  /** Compares one output. */
  public static Difference between(String output, Tensor expected, Tensor actual) {
    if (expected.elementType() != actual.elementType()
        || !expected.sizes().equals(actual.sizes())) {
      return failed(output, "%s became %s".formatted(expected, actual));
    }
    boolean floating = expected.elementType().isFloating();
    double largest = 0;
    double largestError = 0;
    long worst = -1;
    for (long i = 0; i < expected.count(); i++) {
      double distance = floating ? distance(expected, actual, i) : mismatch(expected, actual, i);
      double scale = 1 + Math.abs(expected.getDouble(i));
      double error = floating && Double.isFinite(scale) ? distance / scale : unequal(distance);
      largest = Math.max(largest, distance);
      if (error > largestError) {
        largestError = error;
        worst = i;
      }
    }
    return new Difference(
        output, largest, largestError, worst < 0 ? "" : describe(expected, actual, worst));
  }

  /** The distance; infinite where only one of the two is finite or a number. */
  private static double distance(Tensor expected, Tensor actual, long i) {
    double e = expected.getDouble(i);
    double a = actual.getDouble(i);
    if (a == e || (Double.isNaN(a) && Double.isNaN(e))) {
      return 0;
    }
    return Double.isFinite(a - e) ? Math.abs(a - e) : Double.POSITIVE_INFINITY;
  }

  private static double mismatch(Tensor expected, Tensor actual, long i) {
    return expected.getLong(i) == actual.getLong(i)
        ? 0
        : Math.max(1, Math.abs((double) expected.getLong(i) - (double) actual.getLong(i)));
  }

  private static double unequal(double distance) {
    return distance == 0 ? 0 : Double.POSITIVE_INFINITY;
  }

  private static String describe(Tensor expected, Tensor actual, long worst) {
    return "element %d of %s: %s became %s"
        .formatted(worst, expected, element(expected, worst), element(actual, worst));
  }

  private static String element(Tensor tensor, long i) {
    return tensor.elementType().isFloating()
        ? Double.toString(tensor.getDouble(i))
        : Long.toString(tensor.getLong(i));
  }

  public boolean isWithin(double tolerance) {
    return error <= tolerance;
  }

  @Override
  public String toString() {
    return String.format(Locale.ROOT, "output %s: error %.3g, %s", output, error, worst);
  }
}
