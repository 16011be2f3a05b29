package dev.tenrec.tensorrt;

import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.List;
import java.util.function.Function;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ElementwiseLoweringTest {
  /** Two shapes of which one is broadcast to the other. */
  record Pair(List<Long> wide, List<Long> narrow, boolean swapped) {
    TensorType first(ElementType type) {
      return Shapes.of(type, swapped ? narrow : wide);
    }

    TensorType second(ElementType type) {
      return Shapes.of(type, swapped ? wide : narrow);
    }
  }

  @Provide
  Arbitrary<Pair> pairs() {
    return Shapes.any(0, 4)
        .flatMap(wide ->
            Combinators.combine(Shapes.narrower(wide), Arbitraries.of(true, false))
                .as((narrow, swapped) -> new Pair(wide, narrow, swapped)));
  }

  @Property(tries = 60)
  void binary(
      @ForAll("pairs") Pair pair,
      @ForAll("arithmetic") BinaryKind kind,
      @ForAll("numbers") ElementType number) {
    ElementType type = kind.isLogical() ? ElementType.BOOL : number;
    Tensor a = Tensors.random(pair.first(type), 1);
    Tensor b = away(Tensors.random(pair.second(type), 2), kind);
    LoweringCheck.check(x -> new Elementwise.Binary(kind, x.get(0), x.get(1)), a, b);
  }

  @Provide
  Arbitrary<BinaryKind> arithmetic() {
    return Arbitraries.of(BinaryKind.class).filter(kind -> !kind.isBitwise());
  }

  @Provide
  Arbitrary<ElementType> numbers() {
    return Arbitraries.of(ElementType.FLOAT32, ElementType.INT32, ElementType.INT64);
  }

  /** Divisors are not 0, and powers are numbers. */
  private static Tensor away(Tensor tensor, BinaryKind kind) {
    boolean integers = tensor.elementType().isInteger();
    return switch (kind) {
      case DIV, FLOOR_DIV, MOD, FMOD ->
          Tensor.ofDoubles(
              tensor.elementType(),
              tensor.sizes(),
              i -> tensor.getDouble(i) == 0 ? 3 : tensor.getDouble(i));
      case POW -> Tensor.ofDoubles(tensor.elementType(), tensor.sizes(), i -> integers ? i % 3 : 2);
      default -> tensor;
    };
  }

  @Test
  void booleansAreCompared() {
    LoweringCheck.check(
        x -> new Elementwise.Binary(BinaryKind.EQUAL, x.get(0), x.get(1)),
        TensorType.of(ElementType.BOOL, 2, 5),
        TensorType.of(ElementType.BOOL, 5));
  }

  @Test
  void comparisonsWithNanAreFalse() {
    Tensor nan = Tensors.floats(Double.NaN, 1, Double.NaN, Double.POSITIVE_INFINITY);
    Tensor other = Tensors.floats(1, Double.NaN, Double.NaN, Double.POSITIVE_INFINITY);
    for (BinaryKind kind : List.of(BinaryKind.LESS_OR_EQUAL, BinaryKind.GREATER_OR_EQUAL)) {
      LoweringCheck.check(x -> new Elementwise.Binary(kind, x.get(0), x.get(1)), nan, other);
    }
  }

  @ParameterizedTest
  @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "BIT_NOT")
  void unary(UnaryKind kind) {
    if (kind == UnaryKind.NOT) {
      LoweringCheck.check(of(kind), TensorType.of(ElementType.BOOL, 2, 3));
      return;
    }
    Tensor arguments =
        switch (kind) {
          case ACOSH -> Tensors.floats(1, 1.5, 2, 30);
          case ACOS, ASIN, ATANH -> Tensors.floats(-0.9, 0, 0.5, 0.9);
          case LOG, SQRT, RECIPROCAL -> Tensors.floats(0.01, 0.5, 1, 300);
          case IS_INF, IS_NAN ->
              Tensors.floats(0, Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY);
          default -> Tensors.floats(-2.5, -1, 0, 0.5, 1.5, 3);
        };
    LoweringCheck.check(of(kind), arguments);
    LoweringCheck.check(of(kind), Tensor.scalar(ElementType.FLOAT32, arguments.getDouble(1)));
  }

  @ParameterizedTest
  @EnumSource(names = {"ABS", "NEG", "SIGN", "CEIL", "FLOOR", "ROUND"})
  void unaryOfIntegers(UnaryKind kind) {
    LoweringCheck.check(of(kind), TensorType.of(ElementType.INT64, 3, 2));
  }

  private static Function<List<Value>, Op> of(UnaryKind kind) {
    return x -> new Elementwise.Unary(kind, x.getFirst());
  }

  @ParameterizedTest
  @EnumSource
  void activation(ActivationKind kind) {
    double alpha = kind == ActivationKind.CLIP ? -0.5 : 0.7;
    LoweringCheck.check(
        x -> new Elementwise.Activation(kind, x.getFirst(), alpha, 1.3),
        Tensors.floats(-30, -3, -0.3, 0, 0.2, 0.9, 2, 30));
  }

  @Test
  void clipWithOpenEndsAndOfIntegers() {
    double infinity = Double.POSITIVE_INFINITY;
    LoweringCheck.check(
        x -> new Elementwise.Activation(ActivationKind.CLIP, x.getFirst(), -infinity, 0.5),
        Tensors.floats(-3, 0, 3));
    LoweringCheck.check(
        x -> new Elementwise.Activation(ActivationKind.CLIP, x.getFirst(), 0, infinity),
        Tensors.floats(-3, 0, 3));
    LoweringCheck.check(
        x -> new Elementwise.Activation(ActivationKind.CLIP, x.getFirst(), -2, 3),
        TensorType.of(ElementType.INT64, 12));
  }

  @Property(tries = 20)
  void select(@ForAll("pairs") Pair pair) {
    LoweringCheck.check(
        x -> new Elementwise.Select(x.get(0), x.get(1), x.get(2)),
        pair.first(ElementType.BOOL),
        pair.second(ElementType.INT64),
        pair.first(ElementType.INT64));
  }

  @Property(tries = 20)
  void parametricRelu(@ForAll("pairs") Pair pair) {
    LoweringCheck.check(
        x -> new Elementwise.ParametricRelu(x.get(0), x.get(1)),
        Shapes.floats(pair.wide()),
        Shapes.floats(pair.narrow()));
  }

  @Property(tries = 20)
  void cast(@ForAll("computable") ElementType from, @ForAll("computable") ElementType to) {
    LoweringCheck.check(x -> new Elementwise.Cast(x.getFirst(), to), TensorType.of(from, 3, 4));
  }

  @Provide
  Arbitrary<ElementType> computable() {
    return Arbitraries.of(
        ElementType.FLOAT32,
        ElementType.FLOAT16,
        ElementType.INT32,
        ElementType.INT64,
        ElementType.BOOL);
  }
}
