package dev.tenrec.passes.rewrite;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Pattern.Alternatives;
import dev.tenrec.passes.rewrite.Pattern.Operation;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;
import java.util.function.Predicate;

/** The words that patterns are written in, named like the operations. */
public final class Patterns {
  private Patterns() {}

  /** Any value. */
  public static Variable any(String name) {
    return new Variable(name, "is not the same value as " + name + " elsewhere", _ -> true);
  }

  /** Any value that fits a condition; the expectation is said of others: {@code is not ...}. */
  public static Variable any(String name, String expectation, Predicate<Value> condition) {
    return new Variable(name, expectation, condition);
  }

  /** Any constant. */
  public static Variable constant(String name) {
    return any(name, "is not a constant", value -> value.constant().isPresent());
  }

  /** Any constant with one element. */
  public static Variable scalar(String name) {
    return any(name, "is not a constant scalar", value -> value.scalarConstant().isPresent());
  }

  /** A constant with one element, equal to the number as far as its element type can tell. */
  public static Variable number(double number) {
    return any(
        Double.toString(number),
        "is not the constant " + number,
        value ->
            value
                .scalarConstant()
                .map(actual -> Math.abs(actual - number) <= rounding(value) * Math.abs(number))
                .orElse(false));
  }

  /** A relative error that some roundings leave. */
  private static double rounding(Value value) {
    return switch (value.elementType().bits()) {
      case 64 -> 1e-6;
      case 32 -> 1e-5;
      case 16 -> 1e-2;
      default -> 0;
    };
  }

  /** An operation whose attributes fit a condition, over the given operands. */
  public static <T extends Op> Operation op(
      Class<T> kind, Predicate<? super T> condition, String expectation, Pattern... operands) {
    return new Operation(
        kind,
        op -> condition.test(kind.cast(op)),
        expectation,
        ImmutableList.copyOf(operands),
        Optional.empty());
  }

  /** An operation of the given kind over any operands. */
  public static <T extends Op> Operation op(Class<T> kind) {
    return op(kind, _ -> true, "is not computed by " + kind.getSimpleName());
  }

  /** The first of some patterns that leads to a match. */
  public static Pattern either(Pattern... alternatives) {
    return new Alternatives(ImmutableList.copyOf(alternatives));
  }

  public static Operation unary(UnaryKind kind, Pattern x) {
    return op(Unary.class, unary -> unary.kind() == kind, "is not computed by " + kind, x);
  }

  public static Operation binary(BinaryKind kind, Pattern a, Pattern b) {
    return op(Binary.class, binary -> binary.kind() == kind, "is not computed by " + kind, a, b);
  }

  public static Operation activation(ActivationKind kind, Pattern x) {
    return op(Activation.class, op -> op.kind() == kind, "is not computed by " + kind, x);
  }

  public static Operation add(Pattern a, Pattern b) {
    return binary(BinaryKind.ADD, a, b);
  }

  public static Operation sub(Pattern a, Pattern b) {
    return binary(BinaryKind.SUB, a, b);
  }

  public static Operation mul(Pattern a, Pattern b) {
    return binary(BinaryKind.MUL, a, b);
  }

  public static Operation div(Pattern a, Pattern b) {
    return binary(BinaryKind.DIV, a, b);
  }

  public static Operation sqrt(Pattern x) {
    return unary(UnaryKind.SQRT, x);
  }

  public static Pattern reciprocal(Pattern x) {
    return either(unary(UnaryKind.RECIPROCAL, x), div(number(1), x));
  }

  /** A product of three factors in any order and grouping. */
  public static Pattern mul(Pattern a, Pattern b, Pattern c) {
    return either(mul(mul(a, b), c), mul(mul(a, c), b), mul(mul(b, c), a));
  }

  /** A value times a number, written as a product or as a quotient. */
  public static Pattern scaled(Pattern x, double factor) {
    return either(mul(x, number(factor)), div(x, number(1 / factor)));
  }

  /** x², written as a product or as a power. */
  public static Pattern square(Pattern x) {
    return either(mul(x, x), binary(BinaryKind.POW, x, number(2)));
  }

  /** a divided by b, also as a product with the reciprocal. */
  public static Pattern quotient(Pattern a, Pattern b) {
    return either(div(a, b), mul(a, reciprocal(b)));
  }

  /** A value or its conversion to another element type. */
  public static Pattern castOrNot(Pattern x) {
    return either(op(Cast.class, _ -> true, "is not a Cast", x), x);
  }
}
