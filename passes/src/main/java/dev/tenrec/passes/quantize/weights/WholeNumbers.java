package dev.tenrec.passes.quantize.weights;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/**
 * The numbers that a type has.
 *
 * @param lowest the lowest of them
 * @param largest the largest
 */
record WholeNumbers(ElementType type, double lowest, double largest) {
  private static final double SMALLEST_NORMAL = 0x1p-14;
  private static final double LARGEST_SCALE = 65504;

  static WholeNumbers of(ElementType type) {
    return switch (type) {
      case INT8 -> new WholeNumbers(type, -128, 127);
      case INT4 -> new WholeNumbers(type, -8, 7);
      default ->
          throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT,
              "weights are quantized to int8 or int4, not to " + type.text());
    };
  }

  /** The nearest number. */
  double nearest(double x) {
    return Math.clamp(Math.rint(x), lowest, largest);
  }

  /**
   * A scale near the given one: positive, and one that float16 has, where it has such numbers with
   * all their bits. So it stays the same where the weights become float16.
   */
  static double scale(double wanted) {
    if (wanted >= SMALLEST_NORMAL && wanted <= LARGEST_SCALE) {
      return Tensor.scalar(ElementType.FLOAT16, wanted).getDouble(0);
    }
    float scale = (float) wanted;
    return scale >= Float.MIN_NORMAL ? scale : 1;
  }

  /** The scale that makes the largest magnitude of a block the largest number. */
  double covering(double[] weights, int first, int end) {
    double magnitude = 0;
    for (int i = first; i < end; i++) {
      magnitude = Math.max(magnitude, Math.abs(weights[i]));
    }
    return scale(magnitude / largest);
  }
}
