package dev.tenrec.tensorrt;

import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.PointwiseLayer.UnaryOperation;

/** Lowers {@link Elementwise} but for activations. */
final class ElementwiseLowering {
  private ElementwiseLowering() {}

  static NetworkTensor lower(Elementwise op, Scope in) {
    return switch (op) {
      case Elementwise.Unary(var kind, Value x) -> unary(kind, in.of(x), in);
      case Elementwise.Binary binary -> binary(binary, in);
      case Elementwise.Select(Value condition, Value a, Value b) -> {
        int rank = Math.max(condition.rank(), Math.max(a.rank(), b.rank()));
        yield in.select(in.aligned(condition, rank), in.aligned(a, rank), in.aligned(b, rank));
      }
      case Elementwise.Cast(Value x, ElementType to) -> in.cast(in.of(x), to);
      case Elementwise.BitCast(_, ElementType to) ->
          throw new TenrecException(
                  ErrorCode.UNSUPPORTED, "TensorRT cannot read bits as " + to.text())
              .advise("cast numbers instead of bits");
      case Elementwise.Activation activation -> ActivationLowering.lower(activation, in);
      case Elementwise.ParametricRelu(Value x, Value slope) ->
          in.add(new PointwiseLayer.ParametricRelu(in.of(x), in.aligned(slope, x.rank())));
    };
  }

  private static NetworkTensor unary(UnaryKind kind, NetworkTensor x, Scope in) {
    boolean rounding = kind == UnaryKind.CEIL || kind == UnaryKind.FLOOR || kind == UnaryKind.ROUND;
    return rounding && x.elementType().isInteger() ? x : in.unary(operation(kind), x);
  }

  private static UnaryOperation operation(UnaryKind kind) {
    return switch (kind) {
      case ABS -> UnaryOperation.ABS;
      case ACOS -> UnaryOperation.ACOS;
      case ACOSH -> UnaryOperation.ACOSH;
      case ASIN -> UnaryOperation.ASIN;
      case ASINH -> UnaryOperation.ASINH;
      case ATAN -> UnaryOperation.ATAN;
      case ATANH -> UnaryOperation.ATANH;
      case BIT_NOT -> throw bitwise(kind);
      case CEIL -> UnaryOperation.CEIL;
      case COS -> UnaryOperation.COS;
      case COSH -> UnaryOperation.COSH;
      case ERF -> UnaryOperation.ERF;
      case EXP -> UnaryOperation.EXP;
      case FLOOR -> UnaryOperation.FLOOR;
      case IS_INF -> UnaryOperation.ISINF;
      case IS_NAN -> UnaryOperation.ISNAN;
      case LOG -> UnaryOperation.LOG;
      case NEG -> UnaryOperation.NEG;
      case NOT -> UnaryOperation.NOT;
      case RECIPROCAL -> UnaryOperation.RECIP;
      case ROUND -> UnaryOperation.ROUND;
      case SIGN -> UnaryOperation.SIGN;
      case SIN -> UnaryOperation.SIN;
      case SINH -> UnaryOperation.SINH;
      case SQRT -> UnaryOperation.SQRT;
      case TAN -> UnaryOperation.TAN;
    };
  }

  private static NetworkTensor binary(Elementwise.Binary op, Scope in) {
    int rank = Math.max(op.a().rank(), op.b().rank());
    NetworkTensor a = in.aligned(op.a(), rank);
    NetworkTensor b = in.aligned(op.b(), rank);
    return switch (op.kind()) {
      case ADD -> in.sum(a, b);
      case SUB -> in.difference(a, b);
      case MUL -> in.product(a, b);
      case DIV -> quotient(a, b, in);
      case FLOOR_DIV -> towardsMinusInfinity(a, b, in);
      case MOD -> remainder(a, towardsMinusInfinity(a, b, in), b, in);
      case FMOD -> remainder(a, towardsZero(a, b, in), b, in);
      case POW -> in.binary(ElementWiseOperation.POW, a, b);
      case MIN -> in.binary(ElementWiseOperation.MIN, a, b);
      case MAX -> in.binary(ElementWiseOperation.MAX, a, b);
      case AND -> in.binary(ElementWiseOperation.AND, a, b);
      case OR -> in.binary(ElementWiseOperation.OR, a, b);
      case XOR -> in.binary(ElementWiseOperation.XOR, a, b);
      case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> throw bitwise(op.kind());
      case EQUAL -> equal(a, b, in);
      case LESS -> in.binary(ElementWiseOperation.LESS, a, b);
      case GREATER -> in.binary(ElementWiseOperation.GREATER, a, b);
      case LESS_OR_EQUAL -> orEqual(ElementWiseOperation.LESS, a, b, in);
      case GREATER_OR_EQUAL -> orEqual(ElementWiseOperation.GREATER, a, b, in);
    };
  }

  private static TenrecException bitwise(Enum<?> kind) {
    return new TenrecException(
            ErrorCode.UNSUPPORTED, "TensorRT has no operation %s on bits".formatted(kind))
        .advise("express it by arithmetic, or compute it outside of the model");
  }

  private static NetworkTensor equal(NetworkTensor a, NetworkTensor b, Scope in) {
    return a.elementType() == ElementType.BOOL
        ? in.unary(UnaryOperation.NOT, in.binary(ElementWiseOperation.XOR, a, b))
        : in.binary(ElementWiseOperation.EQUAL, a, b);
  }

  /** Not the negation of the opposite, which would be true of NaN. */
  private static NetworkTensor orEqual(
      ElementWiseOperation operation, NetworkTensor a, NetworkTensor b, Scope in) {
    return in.binary(
        ElementWiseOperation.OR,
        in.binary(operation, a, b),
        in.binary(ElementWiseOperation.EQUAL, a, b));
  }

  private static NetworkTensor remainder(
      NetworkTensor a, NetworkTensor quotient, NetworkTensor b, Scope in) {
    return in.difference(a, in.product(quotient, b));
  }

  private static NetworkTensor quotient(NetworkTensor a, NetworkTensor b, Scope in) {
    return a.elementType().isInteger()
        ? IntegerDivision.towardsZero(a, b, in)
        : in.binary(ElementWiseOperation.DIV, a, b);
  }

  private static NetworkTensor towardsMinusInfinity(NetworkTensor a, NetworkTensor b, Scope in) {
    return a.elementType().isInteger()
        ? IntegerDivision.towardsMinusInfinity(a, b, in)
        : in.binary(ElementWiseOperation.FLOOR_DIV, a, b);
  }

  private static NetworkTensor towardsZero(NetworkTensor a, NetworkTensor b, Scope in) {
    NetworkTensor quotient = quotient(a, b, in);
    if (a.elementType().isInteger()) {
      return quotient;
    }
    NetworkTensor negative = in.binary(ElementWiseOperation.LESS, quotient, in.like(quotient, 0));
    return in.select(
        negative,
        in.unary(UnaryOperation.CEIL, quotient),
        in.unary(UnaryOperation.FLOOR, quotient));
  }
}
