package dev.tenrec.passes.quantize;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;

/** The types that products are computed in. */
final class QuantizedType {
  private QuantizedType() {}

  /** Whether products are computed in a type. */
  static boolean multiplies(ElementType type) {
    return type == ElementType.INT8 || type == ElementType.FLOAT8E4M3FN;
  }

  /**
   * The magnitude that the bound of a range becomes: the largest number, and for integers the
   * largest whose negative exists as well.
   */
  static double largest(ElementType type) {
    return switch (type) {
      case INT8 -> 127;
      case FLOAT8E4M3FN -> 448;
      default ->
          throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT,
              "products are computed in int8 or float8e4m3fn, not in " + type.text());
    };
  }
}
