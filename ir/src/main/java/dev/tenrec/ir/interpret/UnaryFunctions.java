package dev.tenrec.ir.interpret;

import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.tensor.ElementType;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongUnaryOperator;

/** Functions of one number. */
final class UnaryFunctions {
  private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

  private UnaryFunctions() {}

  static DoubleUnaryOperator of(UnaryKind kind) {
    return switch (kind) {
      case ABS -> Math::abs;
      case ACOS -> Math::acos;
      case ACOSH -> UnaryFunctions::acosh;
      case ASIN -> Math::asin;
      case ASINH -> UnaryFunctions::asinh;
      case ATAN -> Math::atan;
      case ATANH -> x -> Math.copySign(Math.log1p(2 * Math.abs(x) / (1 - Math.abs(x))) / 2, x);
      case CEIL -> Math::ceil;
      case COS -> Math::cos;
      case COSH -> Math::cosh;
      case ERF -> UnaryFunctions::erf;
      case EXP -> Math::exp;
      case FLOOR -> Math::floor;
      case LOG -> Math::log;
      case NEG -> x -> -x;
      case RECIPROCAL -> x -> 1 / x;
      case ROUND -> Math::rint;
      case SIGN -> Math::signum;
      case SIN -> Math::sin;
      case SINH -> Math::sinh;
      case SQRT -> Math::sqrt;
      case TAN -> Math::tan;
      case BIT_NOT, IS_INF, IS_NAN, NOT -> throw Checks.impossible(kind);
    };
  }

  /** Whether integers have a function of their own, and do not go by way of floating point. */
  static boolean isExactForIntegers(UnaryKind kind) {
    return switch (kind) {
      case ABS, BIT_NOT, CEIL, FLOOR, NEG, NOT, ROUND, SIGN -> true;
      case ACOS, ACOSH, ASIN, ASINH, ATAN, ATANH, COS, COSH, ERF, EXP, IS_INF, IS_NAN -> false;
      case LOG, RECIPROCAL, SIN, SINH, SQRT, TAN -> false;
    };
  }

  static LongUnaryOperator ofIntegers(UnaryKind kind, ElementType type) {
    boolean unsigned = type.kind() == ElementType.Kind.UNSIGNED;
    return switch (kind) {
      case ABS -> unsigned ? x -> x : Math::abs;
      case BIT_NOT -> x -> ~x;
      case CEIL, FLOOR, ROUND -> x -> x;
      case NEG -> x -> -x;
      case NOT -> x -> 1 - x;
      case SIGN -> unsigned ? x -> x == 0 ? 0 : 1 : Long::signum;
      case ACOS, ACOSH, ASIN, ASINH, ATAN, ATANH, COS, COSH, ERF, EXP, IS_INF, IS_NAN ->
          throw Checks.impossible(kind);
      case LOG, RECIPROCAL, SIN, SINH, SQRT, TAN -> throw Checks.impossible(kind);
    };
  }

  /**
   * The error function by the series 2 / sqrt(pi) exp(-x^2) sum of 2^n x^(2n+1) / (2n+1)!!, whose
   * terms are all of one sign. Source: Abramowitz and Stegun, 7.1.6.
   */
  static double erf(double x) {
    if (Math.abs(x) > 6) {
      return Math.signum(x);
    }
    double term = x;
    double sum = x;
    for (int n = 1; Math.abs(term) > Math.abs(sum) * 1e-17; n++) {
      term *= 2 * x * x / (2 * n + 1);
      sum += term;
    }
    return TWO_OVER_ROOT_PI * Math.exp(-x * x) * sum;
  }

  private static double asinh(double x) {
    double size = Math.abs(x);
    // Beyond 2^27 the 1 under the root does not count, and the square may overflow.
    double result =
        size > 1 << 27
            ? Math.log(size) + Math.log(2)
            : Math.log1p(size + size * size / (1 + Math.sqrt(size * size + 1)));
    return Math.copySign(result, x);
  }

  private static double acosh(double x) {
    double above = x - 1;
    return x > 1 << 27
        ? Math.log(x) + Math.log(2)
        : Math.log1p(above + Math.sqrt(2 * above + above * above));
  }
}
