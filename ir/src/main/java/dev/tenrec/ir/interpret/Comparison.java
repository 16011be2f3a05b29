package dev.tenrec.ir.interpret;

import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/**
 * Compares an element of one tensor with one of another; NaN is neither equal, less nor greater.
 */
interface Comparison {
  boolean test(long first, long second);

  static Comparison of(BinaryKind kind, Tensor a, Tensor b) {
    return a.elementType().isFloating() ? ofNumbers(kind, a, b) : ofIntegers(kind, a, b);
  }

  private static Comparison ofNumbers(BinaryKind kind, Tensor a, Tensor b) {
    return switch (kind) {
      case EQUAL -> (i, k) -> a.getDouble(i) == b.getDouble(k);
      case LESS -> (i, k) -> a.getDouble(i) < b.getDouble(k);
      case LESS_OR_EQUAL -> (i, k) -> a.getDouble(i) <= b.getDouble(k);
      case GREATER -> (i, k) -> a.getDouble(i) > b.getDouble(k);
      case GREATER_OR_EQUAL -> (i, k) -> a.getDouble(i) >= b.getDouble(k);
      case ADD, SUB, MUL, DIV, FLOOR_DIV, MOD, FMOD, POW, MIN, MAX, AND, OR, XOR ->
          throw Checks.impossible(kind);
      case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Checks.impossible(kind);
    };
  }

  private static Comparison ofIntegers(BinaryKind kind, Tensor a, Tensor b) {
    // Unsigned numbers in their order, once the highest bit is flipped.
    long flip = a.elementType() == ElementType.UINT64 ? Long.MIN_VALUE : 0;
    return switch (kind) {
      case EQUAL -> (i, k) -> a.getLong(i) == b.getLong(k);
      case LESS -> (i, k) -> (a.getLong(i) ^ flip) < (b.getLong(k) ^ flip);
      case LESS_OR_EQUAL -> (i, k) -> (a.getLong(i) ^ flip) <= (b.getLong(k) ^ flip);
      case GREATER -> (i, k) -> (a.getLong(i) ^ flip) > (b.getLong(k) ^ flip);
      case GREATER_OR_EQUAL -> (i, k) -> (a.getLong(i) ^ flip) >= (b.getLong(k) ^ flip);
      case ADD, SUB, MUL, DIV, FLOOR_DIV, MOD, FMOD, POW, MIN, MAX, AND, OR, XOR ->
          throw Checks.impossible(kind);
      case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw Checks.impossible(kind);
    };
  }
}
