package dev.tenrec.ir.interpret;

import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.tensor.ElementType;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

/** Activation functions by their formulas, in a form that does not overflow. NaN stays NaN. */
final class ActivationFunctions {
  private ActivationFunctions() {}

  static DoubleUnaryOperator of(ActivationKind kind, double alpha, double beta) {
    return switch (kind) {
      case RELU -> x -> Math.max(x, 0);
      case SIGMOID -> x -> 1 / (1 + Math.exp(-x));
      case TANH -> Math::tanh;
      case LEAKY_RELU -> x -> x >= 0 ? x : alpha * x;
      case ELU -> x -> x >= 0 ? x : alpha * Math.expm1(x);
      case SELU -> x -> beta * (x > 0 ? x : alpha * Math.expm1(x));
      case CELU -> x -> Math.max(x, 0) + Math.min(alpha * Math.expm1(x / alpha), 0);
      case SOFTSIGN -> x -> x / (1 + Math.abs(x));
      case SOFTPLUS -> ActivationFunctions::softplus;
      case CLIP -> x -> Math.min(Math.max(x, alpha), beta);
      case HARD_SIGMOID -> x -> unit(alpha * x + beta);
      case HARD_SWISH -> x -> x * unit(x / 6 + 0.5);
      case THRESHOLDED_RELU -> x -> x > alpha ? x : 0;
      case GELU_ERF -> x -> x / 2 * (1 + UnaryFunctions.erf(x / Math.sqrt(2)));
      case GELU_TANH ->
          x -> x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
      case MISH -> x -> x * Math.tanh(softplus(x));
      case SWISH -> x -> x / (1 + Math.exp(-alpha * x));
    };
  }

  private static double softplus(double x) {
    return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
  }

  private static double unit(double x) {
    return Math.min(Math.max(x, 0), 1);
  }

  static LongUnaryOperator ofIntegers(
      ActivationKind kind, double alpha, double beta, ElementType type) {
    LongBinaryOperator min = BinaryFunctions.ofIntegers(BinaryKind.MIN, type);
    LongBinaryOperator max = BinaryFunctions.ofIntegers(BinaryKind.MAX, type);
    return switch (kind) {
      case RELU -> x -> max.applyAsLong(x, 0);
      case CLIP -> {
        long lowest = Casting.limited(alpha, type);
        long highest = Casting.limited(beta, type);
        yield x -> min.applyAsLong(max.applyAsLong(x, lowest), highest);
      }
      case SIGMOID, TANH, LEAKY_RELU, ELU, SELU, CELU, SOFTSIGN, SOFTPLUS, HARD_SIGMOID ->
          throw Checks.impossible(kind);
      case HARD_SWISH, THRESHOLDED_RELU, GELU_ERF, GELU_TANH, MISH, SWISH ->
          throw Checks.impossible(kind);
    };
  }
}
