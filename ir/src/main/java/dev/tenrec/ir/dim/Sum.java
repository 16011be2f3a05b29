package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** At least two terms, none of them a sum, in a fixed order with the constant last. */
public record Sum(ImmutableList<Dim> terms) implements Dim {
  @Override
  public long evaluate(ToLongFunction<Symbol> sizes) {
    return terms.stream().mapToLong(term -> term.evaluate(sizes)).reduce(0, Math::addExact);
  }

  @Override
  public Dim substitute(Function<Symbol, Dim> replacement) {
    return terms.stream().map(term -> term.substitute(replacement)).reduce(Fixed.ZERO, Dim::plus);
  }

  @Override
  public ImmutableSet<Symbol> symbols() {
    return terms.stream()
        .flatMap(term -> term.symbols().stream())
        .collect(ImmutableSet.toImmutableSet());
  }

  @Override
  public long lowerBound() {
    return terms.stream().mapToLong(Dim::lowerBound).reduce(0, Bounds::add);
  }

  @Override
  public long upperBound() {
    return terms.stream().mapToLong(Dim::upperBound).reduce(0, Bounds::add);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder(terms.getFirst().toString());
    for (Dim term : terms.subList(1, terms.size())) {
      String next = term.toString();
      text.append(next.startsWith("-") ? " - " + next.substring(1) : " + " + next);
    }
    return text.toString();
  }
}
