package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * The common size of two sizes that are equal or of which one is 1. Differs from a maximum at 0.
 */
public record Broadcast(Dim a, Dim b) implements Dim {
  static Dim of(Dim a, Dim b) {
    if (a.equals(b) || b.is(1)) {
      return a;
    }
    if (a.is(1)) {
      return b;
    }
    // A known size other than 1 decides: the other one is equal to it or 1.
    if (a instanceof Fixed) {
      return a;
    }
    if (b instanceof Fixed) {
      return b;
    }
    if (isLimited(a, b) || isAtLeastZero(a, b)) {
      return b;
    }
    if (isLimited(b, a) || isAtLeastZero(b, a)) {
      return a;
    }
    return Polynomial.ORDER.compare(a, b) <= 0 ? new Broadcast(a, b) : new Broadcast(b, a);
  }

  /**
   * Whether one size is the other one, limited to a positive number, as a slice of a table makes it
   * from its start or from its end: then they fit each other only where the limit is not reached,
   * or where it is 1.
   */
  private static boolean isLimited(Dim limited, Dim size) {
    long most = limited.upperBound();
    if (most < 1 || most == Long.MAX_VALUE) {
      return false;
    }
    Dim limit = Dim.of(most);
    Dim beyond = Dim.max(limit.minus(size), Fixed.ZERO);
    return limited.equals(Dim.min(limit, size)) || limited.equals(limit.minus(beyond));
  }

  /** Whether one size is the other one, as a slice to its end has it: no size is below 0. */
  private static boolean isAtLeastZero(Dim larger, Dim size) {
    return larger instanceof Extremum && larger.equals(Dim.max(size, Fixed.ZERO));
  }

  @Override
  public long evaluate(ToLongFunction<Symbol> sizes) {
    long first = a.evaluate(sizes);
    return first == 1 ? b.evaluate(sizes) : first;
  }

  @Override
  public Dim substitute(Function<Symbol, Dim> replacement) {
    return of(a.substitute(replacement), b.substitute(replacement));
  }

  @Override
  public ImmutableSet<Symbol> symbols() {
    return Sets.union(a.symbols(), b.symbols()).immutableCopy();
  }

  @Override
  public long lowerBound() {
    return Math.min(a.lowerBound(), b.lowerBound());
  }

  @Override
  public long upperBound() {
    return Math.max(a.upperBound(), b.upperBound());
  }

  @Override
  public String toString() {
    return "broadcast(%s, %s)".formatted(a, b);
  }
}
