package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * A quotient rounded towards negative infinity. Whole multiples of a known denominator are not in
 * it: {@code (3*N + 5)/2} is {@code N + 2 + (N + 1)/2}.
 */
public record Quotient(Dim numerator, Dim denominator) implements Dim {
  static Dim of(Dim numerator, Dim denominator) {
    if (denominator.is(1) || numerator.is(0)) {
      return numerator;
    }
    if (numerator instanceof Fixed(long n) && denominator instanceof Fixed(long d) && d != 0) {
      return Dim.of(Math.floorDiv(n, d));
    }
    Optional<Dim> exact = Polynomial.of(numerator).dividedBy(Polynomial.of(denominator));
    if (exact.isPresent()) {
      return exact.get();
    }
    if (denominator instanceof Fixed(long d) && d > 0) {
      Polynomial whole = Polynomial.of(numerator).mapCoefficients(c -> Math.floorDiv(c, d));
      Dim rest = Polynomial.of(numerator).mapCoefficients(c -> Math.floorMod(c, d)).toDim();
      Dim fraction = rest.value().isPresent() ? Fixed.ZERO : open(rest, denominator);
      return whole.toDim().plus(fraction);
    }
    return open(numerator, denominator);
  }

  /** A quotient of which only the bounds may still tell the number, as of {@code min(1, N)/2}. */
  private static Dim open(Dim numerator, Dim denominator) {
    Quotient quotient = new Quotient(numerator, denominator);
    long lowest = quotient.lowerBound();
    return lowest == quotient.upperBound() ? Dim.of(lowest) : quotient;
  }

  @Override
  public long evaluate(ToLongFunction<Symbol> sizes) {
    return Math.floorDiv(numerator.evaluate(sizes), denominator.evaluate(sizes));
  }

  @Override
  public Dim substitute(Function<Symbol, Dim> replacement) {
    return of(numerator.substitute(replacement), denominator.substitute(replacement));
  }

  @Override
  public ImmutableSet<Symbol> symbols() {
    return Sets.union(numerator.symbols(), denominator.symbols()).immutableCopy();
  }

  @Override
  public long lowerBound() {
    if (denominator.lowerBound() <= 0) {
      return numerator.lowerBound() >= 0 && denominator.lowerBound() == 0 ? 0 : Long.MIN_VALUE;
    }
    long low = numerator.lowerBound();
    if (low >= 0) {
      return denominator.value().isPresent() ? low / denominator.lowerBound() : 0;
    }
    return low == Long.MIN_VALUE ? low : Math.floorDiv(low, denominator.lowerBound());
  }

  @Override
  public long upperBound() {
    long high = numerator.upperBound();
    if (high == Long.MAX_VALUE || denominator.lowerBound() <= 0) {
      return Long.MAX_VALUE;
    }
    return high >= 0 ? high / denominator.lowerBound() : -1;
  }

  @Override
  public String toString() {
    return operand(numerator) + "/" + operand(denominator);
  }

  private static String operand(Dim dim) {
    boolean compound = dim instanceof Sum || dim instanceof Product || dim instanceof Quotient;
    // The sign of a number in front would be read as that of the whole quotient.
    return compound || (dim instanceof Fixed(long number) && number < 0)
        ? "(" + dim + ")"
        : dim.toString();
  }
}
