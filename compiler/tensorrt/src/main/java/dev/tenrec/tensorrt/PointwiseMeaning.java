package dev.tenrec.tensorrt;

import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.PointwiseLayer.UnaryOperation;

/** What {@link PointwiseLayer}s compute. */
final class PointwiseMeaning {
  private PointwiseMeaning() {}

  static Value of(PointwiseLayer layer, Meaning in) {
    return switch (layer) {
      case PointwiseLayer.Unary(var x, var operation) -> Terms.unary(kind(operation), in.value(x));
      case PointwiseLayer.ElementWise(var a, var b, var operation) ->
          Terms.binary(kind(operation), in.value(a), in.value(b));
      case PointwiseLayer.Activation activation -> activation(activation, in.value(activation.x()));
      case PointwiseLayer.ParametricRelu(var x, var slope) ->
          new Elementwise.ParametricRelu(in.value(x), in.value(slope)).value();
      case PointwiseLayer.Select(var condition, var a, var b) ->
          Terms.select(in.value(condition), in.value(a), in.value(b));
      case PointwiseLayer.Cast(var x, var to) -> new Elementwise.Cast(in.value(x), to).value();
      case PointwiseLayer.Identity(var x) ->
          new Elementwise.Cast(in.value(x), x.elementType()).value();
    };
  }

  private static UnaryKind kind(UnaryOperation operation) {
    return switch (operation) {
      case EXP -> UnaryKind.EXP;
      case LOG -> UnaryKind.LOG;
      case SQRT -> UnaryKind.SQRT;
      case RECIP -> UnaryKind.RECIPROCAL;
      case ABS -> UnaryKind.ABS;
      case NEG -> UnaryKind.NEG;
      case SIN -> UnaryKind.SIN;
      case COS -> UnaryKind.COS;
      case TAN -> UnaryKind.TAN;
      case SINH -> UnaryKind.SINH;
      case COSH -> UnaryKind.COSH;
      case ASIN -> UnaryKind.ASIN;
      case ACOS -> UnaryKind.ACOS;
      case ATAN -> UnaryKind.ATAN;
      case ASINH -> UnaryKind.ASINH;
      case ACOSH -> UnaryKind.ACOSH;
      case ATANH -> UnaryKind.ATANH;
      case CEIL -> UnaryKind.CEIL;
      case FLOOR -> UnaryKind.FLOOR;
      case ERF -> UnaryKind.ERF;
      case NOT -> UnaryKind.NOT;
      case SIGN -> UnaryKind.SIGN;
      case ROUND -> UnaryKind.ROUND;
      case ISINF -> UnaryKind.IS_INF;
      case ISNAN -> UnaryKind.IS_NAN;
    };
  }

  private static BinaryKind kind(ElementWiseOperation operation) {
    return switch (operation) {
      case SUM -> BinaryKind.ADD;
      case PROD -> BinaryKind.MUL;
      case MAX -> BinaryKind.MAX;
      case MIN -> BinaryKind.MIN;
      case SUB -> BinaryKind.SUB;
      case DIV -> BinaryKind.DIV;
      case POW -> BinaryKind.POW;
      case FLOOR_DIV -> BinaryKind.FLOOR_DIV;
      case AND -> BinaryKind.AND;
      case OR -> BinaryKind.OR;
      case XOR -> BinaryKind.XOR;
      case EQUAL -> BinaryKind.EQUAL;
      case GREATER -> BinaryKind.GREATER;
      case LESS -> BinaryKind.LESS;
    };
  }

  private static Value activation(PointwiseLayer.Activation layer, Value x) {
    return switch (layer.type()) {
      case RELU -> Terms.activation(ActivationKind.RELU, x);
      case SIGMOID -> Terms.activation(ActivationKind.SIGMOID, x);
      case TANH -> Terms.activation(ActivationKind.TANH, x);
      case SOFTSIGN -> Terms.activation(ActivationKind.SOFTSIGN, x);
      case GELU_ERF -> Terms.activation(ActivationKind.GELU_ERF, x);
      case GELU_TANH -> Terms.activation(ActivationKind.GELU_TANH, x);
      case LEAKY_RELU -> with(ActivationKind.LEAKY_RELU, layer, x);
      case ELU -> with(ActivationKind.ELU, layer, x);
      case SELU -> with(ActivationKind.SELU, layer, x);
      case CLIP -> with(ActivationKind.CLIP, layer, x);
      case HARD_SIGMOID -> with(ActivationKind.HARD_SIGMOID, layer, x);
      case THRESHOLDED_RELU -> with(ActivationKind.THRESHOLDED_RELU, layer, x);
      case SOFTPLUS -> softplus(layer, x);
    };
  }

  private static Value with(ActivationKind kind, PointwiseLayer.Activation layer, Value x) {
    return new Elementwise.Activation(kind, x, layer.alpha(), layer.beta()).value();
  }

  private static Value softplus(PointwiseLayer.Activation layer, Value x) {
    ElementType type = x.elementType();
    Value scaled = Terms.mul(Terms.scalar(type, layer.beta()), x);
    Value one = Terms.activation(ActivationKind.SOFTPLUS, scaled);
    return Terms.mul(Terms.scalar(type, layer.alpha()), one);
  }
}
