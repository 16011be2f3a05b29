package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToLongFunction;
import java.util.function.LongBinaryOperator;
import java.util.function.LongUnaryOperator;

final class ElementwiseInterpreter {
  private ElementwiseInterpreter() {}

  static Tensor evaluate(Elementwise op, List<Tensor> in) {
    Tensor x = in.getFirst();
    return switch (op) {
      case Elementwise.Unary(UnaryKind kind, _) -> unary(kind, x);
      case Elementwise.Binary(BinaryKind kind, _, _) -> binary(kind, x, in.get(1));
      case Elementwise.Select _ -> select(x, in.get(1), in.get(2));
      case Elementwise.Cast(_, ElementType to) -> Casting.cast(x, to);
      case Elementwise.BitCast(_, ElementType to) -> Tensor.of(to, x.sizes(), x.data());
      case Elementwise.Activation(var kind, _, double alpha, double beta) ->
          x.elementType().isFloating()
              ? map(x, ActivationFunctions.of(kind, alpha, beta))
              : mapIntegers(x, ActivationFunctions.ofIntegers(kind, alpha, beta, x.elementType()));
      case Elementwise.ParametricRelu _ -> parametricRelu(x, in.get(1));
    };
  }

  private static Tensor unary(UnaryKind kind, Tensor x) {
    ElementType type = x.elementType();
    if (kind == UnaryKind.IS_NAN || kind == UnaryKind.IS_INF) {
      return Tensor.ofLongs(
          ElementType.BOOL,
          x.sizes(),
          i -> {
            double element = x.getDouble(i);
            return (kind == UnaryKind.IS_NAN ? Double.isNaN(element) : Double.isInfinite(element))
                ? 1
                : 0;
          });
    }
    return type.isFloating() || !UnaryFunctions.isExactForIntegers(kind)
        ? map(x, UnaryFunctions.of(kind))
        : mapIntegers(x, UnaryFunctions.ofIntegers(kind, type));
  }

  private static Tensor map(Tensor x, DoubleUnaryOperator function) {
    return Tensor.ofDoubles(
        x.elementType(), x.sizes(), i -> function.applyAsDouble(x.getDouble(i)));
  }

  private static Tensor mapIntegers(Tensor x, LongUnaryOperator function) {
    return Tensor.ofLongs(x.elementType(), x.sizes(), i -> function.applyAsLong(x.getLong(i)));
  }

  private static Tensor binary(BinaryKind kind, Tensor a, Tensor b) {
    ImmutableLongArray sizes = Positions.broadcast(kind.name(), List.of(a, b));
    IntToLongFunction ofA = Positions.broadcast(a.sizes(), sizes);
    IntToLongFunction ofB = Positions.broadcast(b.sizes(), sizes);
    ElementType type = a.elementType();
    if (kind.isComparison()) {
      Comparison compare = Comparison.of(kind, a, b);
      return Tensor.ofLongs(
          ElementType.BOOL,
          sizes,
          i -> compare.test(ofA.applyAsLong(i), ofB.applyAsLong(i)) ? 1 : 0);
    }
    if (type.isFloating()) {
      DoubleBinaryOperator function = BinaryFunctions.of(kind);
      return Tensor.ofDoubles(
          type,
          sizes,
          i ->
              function.applyAsDouble(
                  a.getDouble(ofA.applyAsLong(i)), b.getDouble(ofB.applyAsLong(i))));
    }
    LongBinaryOperator function = BinaryFunctions.ofIntegers(kind, type);
    return Tensor.ofLongs(
        type,
        sizes,
        i -> function.applyAsLong(a.getLong(ofA.applyAsLong(i)), b.getLong(ofB.applyAsLong(i))));
  }

  private static Tensor select(Tensor condition, Tensor a, Tensor b) {
    ImmutableLongArray sizes = Positions.broadcast("Select", List.of(condition, a, b));
    IntToLongFunction ofCondition = Positions.broadcast(condition.sizes(), sizes);
    IntToLongFunction ofA = Positions.broadcast(a.sizes(), sizes);
    IntToLongFunction ofB = Positions.broadcast(b.sizes(), sizes);
    return Tensor.ofBits(
        a.elementType(),
        sizes,
        i ->
            condition.getLong(ofCondition.applyAsLong(i)) != 0
                ? a.getBits(ofA.applyAsLong(i))
                : b.getBits(ofB.applyAsLong(i)));
  }

  private static Tensor parametricRelu(Tensor x, Tensor slope) {
    ImmutableLongArray sizes = Positions.broadcast("ParametricRelu", List.of(x, slope));
    Checks.sizes("ParametricRelu: x", x, sizes);
    IntToLongFunction ofSlope = Positions.broadcast(slope.sizes(), sizes);
    if (!x.elementType().isFloating()) {
      return Tensor.ofLongs(
          x.elementType(),
          sizes,
          i -> {
            long element = x.getLong(i);
            return element >= 0 ? element : element * slope.getLong(ofSlope.applyAsLong(i));
          });
    }
    return Tensor.ofDoubles(
        x.elementType(),
        sizes,
        i -> {
          double element = x.getDouble(i);
          return element >= 0 ? element : element * slope.getDouble(ofSlope.applyAsLong(i));
        });
  }
}
