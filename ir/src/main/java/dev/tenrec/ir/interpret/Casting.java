package dev.tenrec.ir.interpret;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/** Changes of the element type. */
final class Casting {
  private static final double TWO_TO_63 = 0x1p63;

  private Casting() {}

  static Tensor cast(Tensor x, ElementType to) {
    ElementType from = x.elementType();
    if (from == to) {
      return x;
    }
    if (to == ElementType.BOOL
        || (to.isFloating() && (from.isFloating() || from == ElementType.UINT64))) {
      return Tensor.ofDoubles(to, x.sizes(), x::getDouble);
    }
    return from.isFloating()
        ? Tensor.ofLongs(to, x.sizes(), i -> toInteger(x.getDouble(i), to))
        : Tensor.ofLongs(to, x.sizes(), x::getLong);
  }

  /**
   * Cut off towards zero. ONNX leaves open what numbers out of range become; this is what ONNX
   * Runtime gives on x86-64: the lowest number of the machine's conversion to 32 or 64 bits, of
   * which narrower types keep the low bits.
   */
  static long toInteger(double value, ElementType to) {
    if (to == ElementType.UINT64) {
      return value >= TWO_TO_63 ? toLong(value - TWO_TO_63) ^ Long.MIN_VALUE : toLong(value);
    }
    if (to == ElementType.INT64 || to == ElementType.UINT32) {
      return toLong(value);
    }
    boolean fits = value > Integer.MIN_VALUE - 1.0 && value < Integer.MAX_VALUE + 1.0;
    return fits ? (long) value : Integer.MIN_VALUE;
  }

  private static long toLong(double value) {
    return value >= -TWO_TO_63 && value < TWO_TO_63 ? (long) value : Long.MIN_VALUE;
  }

  /** The nearest integer towards zero that the type has. */
  static long limited(double value, ElementType type) {
    if (type == ElementType.UINT64) {
      return value >= 2 * TWO_TO_63 ? -1 : toInteger(Math.max(value, 0), type);
    }
    return Math.clamp((long) value, lowest(type), highest(type));
  }

  /** The smallest integer of a type. */
  static long lowest(ElementType type) {
    return type.kind() == ElementType.Kind.SIGNED ? -1L << (type.bits() - 1) : 0;
  }

  /** The largest integer of a type; for {@code uint64} the pattern of it. */
  static long highest(ElementType type) {
    return type.kind() == ElementType.Kind.SIGNED
        ? ~(-1L << (type.bits() - 1))
        : type.bits() == 64 ? -1 : ~(-1L << type.bits());
  }
}
