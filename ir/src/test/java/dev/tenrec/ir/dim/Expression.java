package dev.tenrec.ir.dim;

import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/**
 * An expression as it is written, without any simplification: what the normal form of {@link Dim}
 * is checked against.
 */
sealed interface Expression {
  List<String> NAMES = List.of("N", "M", "batch size", "it's", "max", "a + -b");

  record Literal(long value) implements Expression {}

  record Name(String name) implements Expression {}

  record Both(Operator operator, Expression a, Expression b) implements Expression {}

  /** The operators of {@link Dim}. */
  enum Operator {
    PLUS,
    MINUS,
    TIMES,
    DIVIDED,
    DIVIDED_UP_BY_THREE,
    MAX,
    MIN,
    BROADCAST
  }

  static Arbitrary<Expression> any() {
    Arbitrary<Expression> leaf =
        Arbitraries.oneOf(
            Arbitraries.longs().between(-4, 6).map(Literal::new),
            Arbitraries.of(NAMES).map(Name::new));
    return Arbitraries.lazyOf(
        () -> leaf,
        () -> leaf,
        () -> Combinators.combine(Arbitraries.of(Operator.values()), any(), any()).as(Both::new));
  }

  /** Sizes for all names. */
  static Arbitrary<Map<String, Long>> sizes() {
    return Arbitraries.maps(Arbitraries.of(NAMES), Arbitraries.longs().between(0, 7))
        .ofSize(NAMES.size());
  }

  /** The same expression in normal form. */
  default Dim toDim() {
    return switch (this) {
      case Literal(long value) -> Dim.of(value);
      case Name(String name) -> Dim.symbol(name);
      case Both(Operator operator, Expression left, Expression right) -> {
        Dim a = left.toDim();
        Dim b = right.toDim();
        yield switch (operator) {
          case PLUS -> a.plus(b);
          case MINUS -> a.minus(b);
          case TIMES -> a.times(b);
          case DIVIDED -> a.dividedBy(b);
          case DIVIDED_UP_BY_THREE -> a.dividedUpBy(3);
          case MAX -> Dim.max(a, b);
          case MIN -> Dim.min(a, b);
          case BROADCAST -> Dim.broadcast(a, b);
        };
      }
    };
  }

  /** The number, by plain arithmetic; empty where the expression has no meaning. */
  default OptionalLong evaluate(Map<String, Long> sizes) {
    return switch (this) {
      case Literal(long value) -> OptionalLong.of(value);
      case Name(String name) -> OptionalLong.of(sizes.getOrDefault(name, 0L));
      case Both(Operator operator, Expression left, Expression right) -> {
        OptionalLong a = left.evaluate(sizes);
        OptionalLong b = right.evaluate(sizes);
        yield a.isEmpty() || b.isEmpty()
            ? OptionalLong.empty()
            : apply(operator, a.getAsLong(), b.getAsLong());
      }
    };
  }

  private static OptionalLong apply(Operator operator, long a, long b) {
    return switch (operator) {
      case PLUS -> OptionalLong.of(a + b);
      case MINUS -> OptionalLong.of(a - b);
      case TIMES -> OptionalLong.of(a * b);
      case DIVIDED -> b == 0 ? OptionalLong.empty() : OptionalLong.of(Math.floorDiv(a, b));
      case DIVIDED_UP_BY_THREE -> OptionalLong.of((long) Math.ceil(a / 3.0));
      case MAX -> OptionalLong.of(Math.max(a, b));
      case MIN -> OptionalLong.of(Math.min(a, b));
      case BROADCAST ->
          a == b || b == 1
              ? OptionalLong.of(a)
              : a == 1 ? OptionalLong.of(b) : OptionalLong.empty();
    };
  }
}
