package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/**
 * A coefficient times atoms in a fixed order.
 *
 * @param coefficient not 0
 * @param factors at least one; symbols, quotients, extrema and broadcasts
 */
public record Product(long coefficient, ImmutableList<Dim> factors) implements Dim {
  @Override
  public long evaluate(ToLongFunction<Symbol> sizes) {
    return factors.stream()
        .mapToLong(factor -> factor.evaluate(sizes))
        .reduce(coefficient, Math::multiplyExact);
  }

  @Override
  public Dim substitute(Function<Symbol, Dim> replacement) {
    return factors.stream()
        .map(factor -> factor.substitute(replacement))
        .reduce(Dim.of(coefficient), Dim::times);
  }

  @Override
  public ImmutableSet<Symbol> symbols() {
    return factors.stream()
        .flatMap(factor -> factor.symbols().stream())
        .collect(ImmutableSet.toImmutableSet());
  }

  @Override
  public long lowerBound() {
    return bound(false);
  }

  @Override
  public long upperBound() {
    return bound(true);
  }

  /** By interval arithmetic: the ends of a product are products of ends. */
  private long bound(boolean upper) {
    long low = coefficient;
    long high = coefficient;
    for (Dim factor : factors) {
      long a = Bounds.multiply(low, factor.lowerBound());
      long b = Bounds.multiply(low, factor.upperBound());
      long c = Bounds.multiply(high, factor.lowerBound());
      long d = Bounds.multiply(high, factor.upperBound());
      low = Math.min(Math.min(a, b), Math.min(c, d));
      high = Math.max(Math.max(a, b), Math.max(c, d));
    }
    return upper ? high : low;
  }

  @Override
  public String toString() {
    String atoms = factors.stream().map(Product::atom).collect(Collectors.joining("*"));
    return switch (Math.clamp(coefficient, -2, 2)) {
      case 1 -> atoms;
      case -1 -> "-" + atoms;
      default -> coefficient + "*" + atoms;
    };
  }

  private static String atom(Dim factor) {
    return factor instanceof Quotient ? "(" + factor + ")" : factor.toString();
  }
}
