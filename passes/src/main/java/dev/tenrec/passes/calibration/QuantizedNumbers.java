package dev.tenrec.passes.calibration;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;

/** The magnitudes that a type of few bits has, as multiples of a scale. */
public enum QuantizedNumbers {
  /** 0 to 127; -128 is not used, so that both signs reach equally far. */
  INT8(127) {
    @Override
    public double nearest(double magnitude) {
      return Math.min(Math.rint(magnitude), largest());
    }
  },
  /** 4 bits of significand down to 2⁻⁶, and multiples of 2⁻⁹ below. */
  FLOAT8E4M3FN(448) {
    @Override
    public double nearest(double magnitude) {
      double step = Math.scalb(1.0, Math.max(Math.getExponent(magnitude), -6) - 3);
      return Math.min(Math.rint(magnitude / step) * step, largest());
    }
  };

  private final double largest;

  QuantizedNumbers(double largest) {
    this.largest = largest;
  }

  public double largest() {
    return largest;
  }

  /** The nearest number of the type, in units of the scale. */
  public abstract double nearest(double magnitude);

  public static QuantizedNumbers of(ElementType type) {
    return switch (type) {
      case INT8 -> INT8;
      case FLOAT8E4M3FN -> FLOAT8E4M3FN;
      default ->
          throw new TenrecException(
              ErrorCode.UNSUPPORTED, "ranges for %s are not supported".formatted(type.text()));
    };
  }
}
