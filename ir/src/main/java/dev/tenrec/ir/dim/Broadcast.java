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
    if (isLimited(a, b)) {
      return b;
    }
    if (isLimited(b, a)) {
      return a;
    }
    return Polynomial.ORDER.compare(a, b) <= 0 ? new Broadcast(a, b) : new Broadcast(b, a);
  }

  /**
   * Whether one size is the other one, limited to a number above 1, as a slice of a table makes it:
   * then they fit each other only where the limit is not reached.
   */
  private static boolean isLimited(Dim limited, Dim size) {
    return limited instanceof Extremum(Extremum.Kind kind, Dim a, Dim b)
        && kind == Extremum.Kind.MIN
        && ((a.equals(size) && b.value().orElse(0) > 1)
            || (b.equals(size) && a.value().orElse(0) > 1));
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
