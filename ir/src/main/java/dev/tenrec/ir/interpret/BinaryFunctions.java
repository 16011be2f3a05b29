package dev.tenrec.ir.interpret;

import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.tensor.ElementType;
import java.util.function.DoubleBinaryOperator;
import java.util.function.LongBinaryOperator;

/** Functions of two numbers. Those of integers are exact; whoever stores them wraps them. */
final class BinaryFunctions {
  private BinaryFunctions() {}

  static DoubleBinaryOperator of(BinaryKind kind) {
    return switch (kind) {
      case ADD -> Double::sum;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> (a, b) -> a / b;
      case FLOOR_DIV -> (a, b) -> Math.floor(a / b);
      case MOD -> BinaryFunctions::modulo;
      case FMOD -> (a, b) -> a % b;
      case POW -> BinaryFunctions::power;
      case MIN -> Math::min;
      case MAX -> Math::max;
      case AND, OR, XOR, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT ->
          throw Checks.impossible(kind);
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> throw Checks.impossible(kind);
    };
  }

  private static double modulo(double a, double b) {
    double rest = a % b;
    return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
  }

  /**
   * As C's {@code pow}, which differs from Java's where NaN or infinity cannot change the result.
   */
  private static double power(double base, double exponent) {
    boolean one = base == 1 || (base == -1 && Double.isInfinite(exponent));
    return one ? 1 : Math.pow(base, exponent);
  }

  static LongBinaryOperator ofIntegers(BinaryKind kind, ElementType type) {
    boolean unsigned = type == ElementType.UINT64;
    return switch (kind) {
      case ADD -> Long::sum;
      case SUB -> (a, b) -> a - b;
      case MUL -> (a, b) -> a * b;
      case DIV -> unsigned ? checked(Long::divideUnsigned) : checked((a, b) -> a / b);
      case FLOOR_DIV -> unsigned ? checked(Long::divideUnsigned) : checked(Math::floorDiv);
      case MOD -> unsigned ? checked(Long::remainderUnsigned) : checked(Math::floorMod);
      case FMOD -> unsigned ? checked(Long::remainderUnsigned) : checked((a, b) -> a % b);
      case POW -> unsigned ? BinaryFunctions::unsignedPower : BinaryFunctions::power;
      case MIN -> unsigned ? (a, b) -> Long.compareUnsigned(a, b) <= 0 ? a : b : Math::min;
      case MAX -> unsigned ? (a, b) -> Long.compareUnsigned(a, b) >= 0 ? a : b : Math::max;
      case AND, BIT_AND -> (a, b) -> a & b;
      case OR, BIT_OR -> (a, b) -> a | b;
      case XOR, BIT_XOR -> (a, b) -> a ^ b;
      case SHIFT_LEFT -> (a, b) -> isPosition(b) ? a << b : 0;
      case SHIFT_RIGHT -> shiftRight(type);
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> throw Checks.impossible(kind);
    };
  }

  private static LongBinaryOperator shiftRight(ElementType type) {
    return type.kind() == ElementType.Kind.SIGNED
        ? (a, b) -> a >> (isPosition(b) ? b : Long.SIZE - 1)
        : (a, b) -> isPosition(b) ? a >>> b : 0;
  }

  /** Whether a shift leaves anything of 64 bits; narrower types lose the rest when stored. */
  private static boolean isPosition(long shift) {
    return shift >= 0 && shift < Long.SIZE;
  }

  private static LongBinaryOperator checked(LongBinaryOperator division) {
    return (a, b) -> {
      Checks.check(b != 0, "integer division of %d by 0", a);
      return division.applyAsLong(a, b);
    };
  }

  private static long power(long base, long exponent) {
    if (exponent >= 0) {
      return unsignedPower(base, exponent);
    }
    Checks.check(base != 0, "0 to the power of %d is no integer", exponent);
    // What is left of the fraction 1 / base^-exponent once it is cut off.
    return base == 1 ? 1 : base == -1 ? (exponent % 2 == 0 ? 1 : -1) : 0;
  }

  private static long unsignedPower(long base, long exponent) {
    long result = 1;
    long square = base;
    for (long bits = exponent; bits != 0; bits >>>= 1) {
      result = (bits & 1) == 0 ? result : result * square;
      square *= square;
    }
    return result;
  }
}
