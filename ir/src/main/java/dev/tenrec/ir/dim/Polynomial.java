package dev.tenrec.ir.dim;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSortedMap;
import com.google.common.collect.Ordering;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.Collectors;

/** The normal form behind {@link Dim}: products of atoms, each with its coefficient. */
record Polynomial(ImmutableSortedMap<ImmutableList<Dim>, Long> terms) {
  /** Any fixed order of atoms in which only equal ones are equal. */
  static final Comparator<Dim> ORDER =
      Comparator.comparing(Dim::toString).thenComparing(Polynomial::key);

  /** Long products first, the constant last. */
  private static final Comparator<List<Dim>> TERM_ORDER =
      Comparator.<List<Dim>>comparingInt(factors -> -factors.size())
          .thenComparing(Ordering.from(ORDER).lexicographical());

  static Polynomial of(Dim dim) {
    return switch (dim) {
      case Fixed(long number) -> of(ImmutableList.of(), number);
      case Product(long coefficient, ImmutableList<Dim> factors) -> of(factors, coefficient);
      case Sum(ImmutableList<Dim> summands) ->
          summands.stream().map(Polynomial::of).reduce(of(Fixed.ZERO), (a, b) -> a.plus(b, 1));
      case Symbol _, Quotient _, Extremum _, Broadcast _ -> of(ImmutableList.of(dim), 1);
    };
  }

  /** What tells a dimension from all others: as printed, but with the names of all symbols. */
  private static String key(Dim dim) {
    return switch (dim) {
      case Fixed(long number) -> Long.toString(number);
      case Symbol(String name) -> name.length() + name;
      case Sum(ImmutableList<Dim> terms) -> "sum" + keys(terms);
      case Product(long coefficient, ImmutableList<Dim> factors) -> coefficient + keys(factors);
      case Quotient(Dim a, Dim b) -> "quotient" + keys(List.of(a, b));
      case Extremum(Extremum.Kind kind, Dim a, Dim b) -> kind + keys(List.of(a, b));
      case Broadcast(Dim a, Dim b) -> "broadcast" + keys(List.of(a, b));
    };
  }

  private static String keys(List<Dim> dims) {
    return dims.stream().map(Polynomial::key).collect(Collectors.joining(",", "(", ")"));
  }

  private static Polynomial of(ImmutableList<Dim> factors, long coefficient) {
    return new Polynomial(
        coefficient == 0
            ? ImmutableSortedMap.of()
            : ImmutableSortedMap.copyOf(Map.of(factors, coefficient), TERM_ORDER));
  }

  private static Polynomial of(Map<ImmutableList<Dim>, Long> terms) {
    terms.values().removeIf(coefficient -> coefficient == 0);
    return new Polynomial(ImmutableSortedMap.copyOf(terms, TERM_ORDER));
  }

  Polynomial plus(Polynomial other, long sign) {
    Map<ImmutableList<Dim>, Long> sum = new TreeMap<>(TERM_ORDER);
    sum.putAll(terms);
    other.terms.forEach((factors, coefficient) ->
        sum.merge(factors, Math.multiplyExact(sign, coefficient), Math::addExact));
    return of(sum);
  }

  Polynomial times(Polynomial other) {
    Map<ImmutableList<Dim>, Long> product = new TreeMap<>(TERM_ORDER);
    terms.forEach((factorsA, a) ->
        other.terms.forEach((factorsB, b) -> {
          List<Dim> factors = new ArrayList<>(factorsA);
          factors.addAll(factorsB);
          factors.sort(ORDER);
          product.merge(ImmutableList.copyOf(factors), Math.multiplyExact(a, b), Math::addExact);
        }));
    return of(product);
  }

  Polynomial mapCoefficients(LongUnaryOperator function) {
    Map<ImmutableList<Dim>, Long> mapped = new TreeMap<>(TERM_ORDER);
    terms.forEach((factors, coefficient) -> mapped.put(factors, function.applyAsLong(coefficient)));
    return of(mapped);
  }

  /** The exact quotient by a single product, or the quotient by an equal polynomial. */
  Optional<Dim> dividedBy(Polynomial divisor) {
    if (equals(divisor)) {
      return Optional.of(Fixed.ONE);
    }
    if (divisor.terms.size() != 1) {
      return Optional.empty();
    }
    Map.Entry<ImmutableList<Dim>, Long> only = divisor.terms.entrySet().iterator().next();
    ImmutableList<Dim> factorsOfDivisor = only.getKey();
    long coefficientOfDivisor = only.getValue();
    Map<ImmutableList<Dim>, Long> quotient = new TreeMap<>(TERM_ORDER);
    for (Map.Entry<ImmutableList<Dim>, Long> term : terms.entrySet()) {
      List<Dim> factors = new ArrayList<>(term.getKey());
      boolean divisible = term.getValue() % coefficientOfDivisor == 0;
      for (Dim factor : factorsOfDivisor) {
        divisible &= factors.remove(factor);
      }
      if (!divisible) {
        return Optional.empty();
      }
      quotient.put(ImmutableList.copyOf(factors), term.getValue() / coefficientOfDivisor);
    }
    return Optional.of(of(quotient).toDim());
  }

  Dim toDim() {
    ImmutableList<Dim> summands =
        terms.entrySet().stream()
            .map(term -> product(term.getValue(), term.getKey()))
            .collect(ImmutableList.toImmutableList());
    return switch (summands.size()) {
      case 0 -> Fixed.ZERO;
      case 1 -> summands.getFirst();
      default -> new Sum(summands);
    };
  }

  private static Dim product(long coefficient, ImmutableList<Dim> factors) {
    if (factors.isEmpty()) {
      return Dim.of(coefficient);
    }
    return factors.size() == 1 && coefficient == 1
        ? factors.getFirst()
        : new Product(coefficient, factors);
  }
}
