package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** The larger or smaller of two numbers of which neither is known to win. */
public record Extremum(Kind kind, Dim a, Dim b) implements Dim {
  /** Which of the two is taken. */
  public enum Kind {
    MAX,
    MIN
  }

  static Dim of(Kind kind, Dim a, Dim b) {
    if (a instanceof Fixed(long x) && b instanceof Fixed(long y)) {
      return Dim.of(kind == Kind.MAX ? Math.max(x, y) : Math.min(x, y));
    }
    if (a.isAtLeast(b)) {
      return kind == Kind.MAX ? a : b;
    }
    if (b.isAtLeast(a)) {
      return kind == Kind.MAX ? b : a;
    }
    return Polynomial.ORDER.compare(a, b) <= 0
        ? new Extremum(kind, a, b)
        : new Extremum(kind, b, a);
  }

  @Override
  public long evaluate(ToLongFunction<Symbol> sizes) {
    return pick(a.evaluate(sizes), b.evaluate(sizes));
  }

  private long pick(long x, long y) {
    return kind == Kind.MAX ? Math.max(x, y) : Math.min(x, y);
  }

  @Override
  public Dim substitute(Function<Symbol, Dim> replacement) {
    return of(kind, a.substitute(replacement), b.substitute(replacement));
  }

  @Override
  public ImmutableSet<Symbol> symbols() {
    return Sets.union(a.symbols(), b.symbols()).immutableCopy();
  }

  @Override
  public long lowerBound() {
    return pick(a.lowerBound(), b.lowerBound());
  }

  @Override
  public long upperBound() {
    return pick(a.upperBound(), b.upperBound());
  }

  @Override
  public String toString() {
    return "%s(%s, %s)".formatted(kind.name().toLowerCase(Locale.ROOT), a, b);
  }
}
