package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.rewrite.Constants.isAll;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Identities of arithmetic and logic, one per case.
 *
 * <p>Legal where element type and shape stay: {@code x + 0} is not x if the zeros broadcast x.
 * Signs of zeros and what a power makes of infinities may change.
 */
public record SimplifyElementwise() implements Rule {
  @Override
  public String name() {
    return "simplify-elementwise";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    Optional<Value> simpler =
        switch (op) {
          case Binary binary -> binary(binary, context);
          case Unary(UnaryKind kind, Value x) -> unary(kind, x);
          case Select(Value condition, Value a, Value b) -> select(condition, a, b);
          default -> Optional.empty();
        };
    return simpler.flatMap(value -> ShapeOperands.expand(value, context));
  }

  private static Optional<Value> binary(Binary op, MatchContext context) {
    Value a = op.a();
    Value b = op.b();
    if (op.kind().isCommutative() && a.constant().isPresent() && b.constant().isEmpty()) {
      return Optional.of(Terms.binary(op.kind(), b, a));
    }
    return switch (op.kind()) {
      case ADD -> isAll(b, 0) ? Optional.of(a) : Optional.empty();
      case SUB -> difference(a, b);
      case MUL -> product(a, b, context);
      case DIV -> quotient(a, b);
      case FLOOR_DIV -> isAll(b, 1) ? Optional.of(a) : Optional.empty();
      case POW -> b.scalarConstant().flatMap(exponent -> power(a, exponent));
      case AND -> a == b || isAll(b, 1) ? Optional.of(a) : Optional.empty();
      case OR, BIT_OR -> a == b || isAll(b, 0) ? Optional.of(a) : Optional.empty();
      case XOR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> isAll(b, 0) ? Optional.of(a) : Optional.empty();
      case MIN, MAX, BIT_AND -> a == b ? Optional.of(a) : Optional.empty();
      case EQUAL -> a.elementType() == ElementType.BOOL ? equality(a, b) : Optional.empty();
      case MOD, FMOD, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> Optional.empty();
    };
  }

  private static Optional<Value> difference(Value a, Value b) {
    if (isAll(b, 0)) {
      return Optional.of(a);
    }
    boolean signed = b.elementType().kind() != ElementType.Kind.UNSIGNED;
    return isAll(a, 0) && signed ? Optional.of(negated(b)) : Optional.empty();
  }

  private static Optional<Value> product(Value a, Value b, MatchContext context) {
    if (isAll(b, 1)) {
      return Optional.of(a);
    }
    if (isAll(b, -1)) {
      return Optional.of(negated(a));
    }
    Optional<Value> dividedByB = reciprocal(b, context).map(y -> Terms.div(a, y));
    return dividedByB.isPresent() ? dividedByB : reciprocal(a, context).map(y -> Terms.div(b, y));
  }

  /** y if a value is 1 / y and nothing else reads it. */
  private static Optional<Value> reciprocal(Value value, MatchContext context) {
    return value
        .producedBy(Unary.class)
        .filter(unary -> unary.kind() == UnaryKind.RECIPROCAL && context.hasOneUse(value))
        .map(Unary::x);
  }

  private static Optional<Value> quotient(Value a, Value b) {
    if (isAll(b, 1)) {
      return Optional.of(a);
    }
    if (!a.elementType().isFloating()) {
      return Optional.empty();
    }
    if (isAll(a, 1)) {
      return Optional.of(Terms.unary(UnaryKind.RECIPROCAL, b));
    }
    // The reciprocal of a power of two is exact, and so is the product.
    return b.scalarConstant()
        .filter(divisor -> isPowerOfTwo(divisor) && b.rank() == 0)
        .map(divisor -> Terms.mul(a, Terms.number(b, 1 / divisor)));
  }

  private static boolean isPowerOfTwo(double number) {
    int exponent = Math.getExponent(number);
    return Math.abs(number) == Math.scalb(1.0, exponent) && Math.abs(exponent) < 14;
  }

  private static Optional<Value> power(Value x, double exponent) {
    if (exponent == 1) {
      return Optional.of(x);
    }
    if (exponent == 2) {
      return Optional.of(Terms.mul(x, x));
    }
    if (!x.elementType().isFloating()) {
      return Optional.empty();
    }
    if (exponent == 0.5) {
      return Optional.of(Terms.unary(UnaryKind.SQRT, x));
    }
    if (exponent == -1) {
      return Optional.of(Terms.unary(UnaryKind.RECIPROCAL, x));
    }
    Value root = Terms.unary(UnaryKind.SQRT, x);
    return exponent == -0.5
        ? Optional.of(Terms.unary(UnaryKind.RECIPROCAL, root))
        : Optional.empty();
  }

  private static Optional<Value> equality(Value x, Value bool) {
    if (isAll(bool, 1)) {
      return Optional.of(x);
    }
    return isAll(bool, 0) ? Optional.of(Terms.not(x)) : Optional.empty();
  }

  private static Optional<Value> unary(UnaryKind kind, Value x) {
    Optional<Unary> inner = x.producedBy(Unary.class);
    return switch (kind) {
      case NEG, NOT -> inner.filter(op -> op.kind() == kind).map(Unary::x);
      case ABS ->
          inner
              .filter(op -> op.kind() == UnaryKind.ABS || op.kind() == UnaryKind.NEG)
              .map(op -> Terms.unary(UnaryKind.ABS, op.x()));
      case CEIL, FLOOR, ROUND, SIGN -> inner.filter(op -> op.kind() == kind).map(_ -> x);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> select(Value condition, Value a, Value b) {
    if (a == b || isAll(condition, 1)) {
      return Optional.of(a);
    }
    if (isAll(condition, 0)) {
      return Optional.of(b);
    }
    return condition
        .producedBy(Unary.class)
        .filter(unary -> unary.kind() == UnaryKind.NOT)
        .map(unary -> Terms.select(unary.x(), b, a));
  }

  private static Value negated(Value x) {
    return Terms.unary(UnaryKind.NEG, x);
  }
}
