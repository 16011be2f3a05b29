package dev.tenrec.ir.tensor;

/**
 * Floating-point formats of at most 16 bits: a sign, an exponent and a mantissa.
 *
 * <p>Conversion rounds to nearest, ties to even. Formats of 8 bits and less saturate to their
 * largest finite number, even from infinity, as ONNX's {@code Cast} does by default.
 *
 * <p>Source: ONNX, "Float stored in 8 bits"; OCP 8-bit floating point specification 1.0.
 *
 * @param mantissaBits explicit bits of the mantissa
 * @param bias the exponent's bias
 * @param special how infinity and NaN are written
 */
record SmallFloat(int bits, int mantissaBits, int bias, Special special) {
  enum Special {
    /** The highest exponent holds infinity and NaN, as in IEEE 754. */
    IEEE,
    /** NaN is all ones but for the sign, there is no infinity. */
    FINITE,
    /** NaN is the pattern of negative zero, there is no infinity. */
    FINITE_UNSIGNED_ZERO,
    /** Neither; NaN becomes negative zero. */
    NONE
  }

  static final SmallFloat BFLOAT16 = new SmallFloat(16, 7, 127, Special.IEEE);
  static final SmallFloat E4M3FN = new SmallFloat(8, 3, 7, Special.FINITE);
  static final SmallFloat E4M3FNUZ = new SmallFloat(8, 3, 8, Special.FINITE_UNSIGNED_ZERO);
  static final SmallFloat E5M2 = new SmallFloat(8, 2, 15, Special.IEEE);
  static final SmallFloat E5M2FNUZ = new SmallFloat(8, 2, 16, Special.FINITE_UNSIGNED_ZERO);
  static final SmallFloat E2M1 = new SmallFloat(4, 1, 1, Special.NONE);

  private boolean saturates() {
    return bits <= 8;
  }

  private int signBit() {
    return 1 << (bits - 1);
  }

  private int magnitudeMask() {
    return signBit() - 1;
  }

  /**
   * The pattern of positive infinity; in formats without it the first pattern that is no number.
   */
  private int beyondLargest() {
    return switch (special) {
      case IEEE -> magnitudeMask() & -(1 << mantissaBits);
      case FINITE -> magnitudeMask();
      case FINITE_UNSIGNED_ZERO, NONE -> magnitudeMask() + 1;
    };
  }

  double decode(int pattern) {
    int magnitude = pattern & magnitudeMask();
    boolean negative = (pattern & signBit()) != 0;
    if (special == Special.FINITE_UNSIGNED_ZERO && negative && magnitude == 0) {
      return Double.NaN;
    }
    if (magnitude >= beyondLargest()) {
      boolean infinite = special == Special.IEEE && magnitude == beyondLargest();
      return infinite ? (negative ? -1 : 1) * Double.POSITIVE_INFINITY : Double.NaN;
    }
    double value = finite(magnitude);
    return negative ? -value : value;
  }

  private double finite(int magnitude) {
    int exponent = magnitude >> mantissaBits;
    int mantissa = magnitude & ((1 << mantissaBits) - 1);
    return exponent == 0
        ? Math.scalb((double) mantissa, 1 - bias - mantissaBits)
        : Math.scalb((double) (mantissa + (1 << mantissaBits)), exponent - bias - mantissaBits);
  }

  int encode(double value) {
    int sign = Double.doubleToRawLongBits(value) < 0 ? signBit() : 0;
    if (Double.isNaN(value)) {
      return nan(sign);
    }
    int magnitude = roundToEven(Math.abs(value));
    if (magnitude >= beyondLargest()) {
      magnitude = saturates() ? beyondLargest() - 1 : beyondLargest();
    }
    return special == Special.FINITE_UNSIGNED_ZERO && magnitude == 0 ? 0 : sign | magnitude;
  }

  private int nan(int sign) {
    return switch (special) {
      case IEEE -> sign | beyondLargest() | (1 << (mantissaBits - 1));
      case FINITE -> sign | magnitudeMask();
      case FINITE_UNSIGNED_ZERO -> signBit();
      case NONE -> signBit();
    };
  }

  /** The pattern nearest to a magnitude, not yet limited; patterns grow with the magnitude. */
  private int roundToEven(double magnitude) {
    if (Double.isInfinite(magnitude)) {
      return Integer.MAX_VALUE;
    }
    int exponent = Math.max(Math.getExponent(magnitude), 1 - bias);
    double steps = Math.rint(Math.scalb(magnitude, mantissaBits - exponent));
    if (exponent + bias > 2 * (1 << (bits - 1 - mantissaBits))) {
      return Integer.MAX_VALUE;
    }
    // A carry out of the mantissa moves on to the next exponent by itself.
    return (int) steps + ((exponent + bias - 1) << mantissaBits);
  }
}
