package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableSet;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * An integer that depends on the sizes of a graph's inputs. Instances are in normal form; build
 * them with the methods here, not with the records' constructors.
 *
 * <p>Arithmetic that leaves the range of {@code long} throws {@link ArithmeticException}.
 */
public sealed interface Dim permits Fixed, Symbol, Sum, Product, Quotient, Extremum, Broadcast {

  static Dim of(long value) {
    return new Fixed(value);
  }

  static Dim symbol(String name) {
    return new Symbol(name);
  }

  /** Reads what {@link Object#toString()} of a dimension prints. */
  static Dim parse(String text) {
    return new DimParser(text).parse();
  }

  default Dim plus(Dim other) {
    return Polynomial.of(this).plus(Polynomial.of(other), 1).toDim();
  }

  default Dim plus(long other) {
    return plus(of(other));
  }

  default Dim minus(Dim other) {
    return Polynomial.of(this).plus(Polynomial.of(other), -1).toDim();
  }

  default Dim times(Dim other) {
    return Polynomial.of(this).times(Polynomial.of(other)).toDim();
  }

  default Dim times(long other) {
    return times(of(other));
  }

  /** The quotient rounded towards negative infinity. */
  default Dim dividedBy(Dim divisor) {
    return Quotient.of(this, divisor);
  }

  /**
   * The quotient rounded towards positive infinity.
   *
   * @param divisor positive
   */
  default Dim dividedUpBy(long divisor) {
    return this instanceof Fixed(long number)
        ? of(Math.ceilDiv(number, divisor))
        : plus(divisor - 1).dividedBy(of(divisor));
  }

  static Dim max(Dim a, Dim b) {
    return Extremum.of(Extremum.Kind.MAX, a, b);
  }

  static Dim min(Dim a, Dim b) {
    return Extremum.of(Extremum.Kind.MIN, a, b);
  }

  /** The size of a dimension of which {@code a} and {@code b} are broadcast to each other. */
  static Dim broadcast(Dim a, Dim b) {
    return Broadcast.of(a, b);
  }

  /** The number, where it does not depend on symbols. */
  default OptionalLong value() {
    return this instanceof Fixed(long number) ? OptionalLong.of(number) : OptionalLong.empty();
  }

  /** Whether this is the number {@code number} whatever the symbols are. */
  default boolean is(long number) {
    return this instanceof Fixed fixed && fixed.number() == number;
  }

  /** The number for given sizes of the symbols. */
  long evaluate(ToLongFunction<Symbol> sizes);

  /** The same expression over other atoms. */
  Dim substitute(Function<Symbol, Dim> replacement);

  ImmutableSet<Symbol> symbols();

  /** A number that this never falls below, {@link Long#MIN_VALUE} if none is known. */
  long lowerBound();

  /** A number that this never exceeds, {@link Long#MAX_VALUE} if none is known. */
  long upperBound();

  /** Whether {@code this >= other} for all sizes of the symbols, as far as can be told. */
  default boolean isAtLeast(Dim other) {
    return minus(other).lowerBound() >= 0;
  }
}
