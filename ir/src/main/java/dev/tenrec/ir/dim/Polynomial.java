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

  private static final int MAX_STEPS = 100;

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

  /**
   * The exact quotient by long division, of which {@link #TERM_ORDER} gives the leading terms:
   * graded lexicographic, so that each step leaves terms further behind. Empty as well where it
   * takes more steps than sizes in models do.
   */
  Optional<Dim> dividedBy(Polynomial divisor) {
    if (divisor.terms.isEmpty()) {
      return Optional.empty();
    }
    Polynomial quotient = of(Fixed.ZERO);
    Polynomial rest = this;
    for (int steps = 0; !rest.terms.isEmpty(); steps++) {
      Optional<Polynomial> step = quotient(rest.leading(), divisor.leading());
      if (step.isEmpty() || steps == MAX_STEPS) {
        return Optional.empty();
      }
      quotient = quotient.plus(step.get(), 1);
      rest = rest.plus(divisor.times(step.get()), -1);
    }
    return Optional.of(quotient.toDim());
  }

  private Map.Entry<ImmutableList<Dim>, Long> leading() {
    return terms.entrySet().iterator().next();
  }

  /** The quotient of single terms. */
  private static Optional<Polynomial> quotient(
      Map.Entry<ImmutableList<Dim>, Long> term, Map.Entry<ImmutableList<Dim>, Long> divisor) {
    List<Dim> factors = new ArrayList<>(term.getKey());
    boolean divides = term.getValue() % divisor.getValue() == 0;
    for (Dim factor : divisor.getKey()) {
      divides &= factors.remove(factor);
    }
    return divides
        ? Optional.of(of(ImmutableList.copyOf(factors), term.getValue() / divisor.getValue()))
        : Optional.empty();
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
