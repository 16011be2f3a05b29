package dev.tenrec.passes.precision;

import dev.tenrec.ir.tensor.ElementType;

/**
 * A type of 16 bits.
 *
 * @param max the largest number
 * @param minNormal the smallest number with all bits of significand
 */
record LowType(ElementType type, double max, double minNormal) {
  private static final LowType FLOAT16 = new LowType(ElementType.FLOAT16, 65504, 0x1p-14);
  private static final LowType BFLOAT16 = new LowType(ElementType.BFLOAT16, 0x1.FEp127, 0x1p-126);

  /** What is known of float16 or bfloat16. */
  static LowType of(ElementType type) {
    return type == ElementType.FLOAT16 ? FLOAT16 : BFLOAT16;
  }

  /** What stands for "not this one". */
  double mask() {
    return -max / 2;
  }
}
