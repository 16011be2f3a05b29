package dev.tenrec.ir.dim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.Map;
import java.util.OptionalLong;
import java.util.function.ToLongFunction;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DimTest {
  @Provide
  Arbitrary<Expression> expressions() {
    return Expression.any();
  }

  @Provide
  Arbitrary<Map<String, Long>> sizes() {
    return Expression.sizes();
  }

  private static ToLongFunction<Symbol> lookup(Map<String, Long> sizes) {
    return symbol -> sizes.getOrDefault(symbol.name(), 0L);
  }

  @Property(tries = 5000)
  void normalFormKeepsTheNumber(
      @ForAll("expressions") Expression expression, @ForAll("sizes") Map<String, Long> sizes) {
    OptionalLong expected = expression.evaluate(sizes);
    Assume.that(expected.isPresent());
    assertThat(expression.toDim().evaluate(lookup(sizes))).isEqualTo(expected.getAsLong());
  }

  @Property(tries = 5000)
  void boundsHold(
      @ForAll("expressions") Expression expression, @ForAll("sizes") Map<String, Long> sizes) {
    OptionalLong number = expression.evaluate(sizes);
    Assume.that(number.isPresent());
    Dim dim = expression.toDim();
    assertThat(number.getAsLong()).isBetween(dim.lowerBound(), dim.upperBound());
  }

  @Property(tries = 3000)
  void parsingReversesPrinting(@ForAll("expressions") Expression expression) {
    Dim dim = expression.toDim();
    assertThat(Dim.parse(dim.toString())).as(dim.toString()).isEqualTo(dim);
  }

  @Property(tries = 3000)
  void substitutionOfNumbersEvaluates(
      @ForAll("expressions") Expression expression, @ForAll("sizes") Map<String, Long> sizes) {
    OptionalLong expected = expression.evaluate(sizes);
    Assume.that(expected.isPresent());
    Dim numbers =
        expression.toDim().substitute(symbol -> Dim.of(lookup(sizes).applyAsLong(symbol)));
    assertThat(numbers).isEqualTo(Dim.of(expected.getAsLong()));
  }

  @Property
  void operatorsObeyTheirLaws(
      @ForAll("expressions") Expression first, @ForAll("expressions") Expression second) {
    Dim a = first.toDim();
    Dim b = second.toDim();
    assertThat(a.plus(b)).isEqualTo(b.plus(a));
    assertThat(a.times(b)).isEqualTo(b.times(a));
    assertThat(a.plus(b).minus(b)).isEqualTo(a);
    assertThat(Dim.max(a, b)).isEqualTo(Dim.max(b, a));
    assertThat(Dim.min(a, a)).isEqualTo(a);
    // Two numbers that contradict each other have no common size.
    boolean known = a.value().isPresent() && b.value().isPresent();
    assertThat(known || Dim.broadcast(a, b).equals(Dim.broadcast(b, a))).isTrue();
    assertThat(Dim.broadcast(a, Fixed.ONE)).isEqualTo(a);
  }

  @Test
  void sizesWithoutNamesStayApart() {
    Dim a = Symbol.fresh();
    Dim b = Symbol.fresh();
    Dim halves = a.dividedBy(Dim.of(2)).plus(b.dividedBy(Dim.of(2)));
    assertThat(halves.evaluate(symbol -> symbol.equals(a) ? 2 : 8)).isEqualTo(5);
    assertThat(Dim.max(a, b).dividedBy(a)).isNotEqualTo(Dim.max(a, b).dividedBy(b));
    assertThat(halves.minus(b.dividedBy(Dim.of(2)))).isEqualTo(a.dividedBy(Dim.of(2)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "N + N + N | 3*N",
        "(N*8 + 8)/8 | N + 1",
        "N*M - M*N | 0",
        "2*(N - 1) + 3 | 2*N + 1",
        "(N*64)/(N*8) | 8",
        "max(N, -3) | N",
        "min(N + 1, N) | N",
        "max(N, 3) - 2 | max(3, N) - 2",
        "-N | -N",
        "-(-3) | 3",
        "min(1, N)/2 | 0",
        "((min(3, M) + 2)/3)/5 | 0",
        "(-7)/2 | -4",
        "N/M/2 | (N/M)/2",
        "N/2*2 | 2*(N/2)",
        "broadcast(N, 4) | 4",
        "broadcast(1, N) | N",
        "'a b'*2 | 2*'a b'",
        "N*(M + 1) | M*N + N",
        "(3*N + 5)/2 | (N + 1)/2 + N + 2",
        "(N - 1)/2 + 1 | (N + 1)/2",
        "(M*N*4 + 8)/4 | M*N + 2",
        "(64*M*N - 64*N)/(16*M*N - 16*N) | 4",
        "(M*M - N*N)/(M + N) | M - N",
        "(M*M + N*N)/(M + N) | (M*M + N*N)/(M + N)",
        "(3*N + 3)/(2*N + 2) | (3*N + 3)/(2*N + 2)",
        "N/0 | N/0",
      })
  void printsInNormalForm(String text, String normal) {
    assertThat(Dim.parse(text)).hasToString(normal);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "N +", "(N", "N)", "'N", "9999999999999999999", "pow(N, 2)", "max(N)"})
  void refusesWhatIsNoDimension(String text) {
    assertThatThrownBy(() -> Dim.parse(text))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("column");
  }

  @Test
  void refusesDeepNesting() {
    assertThatThrownBy(() -> Dim.parse("(".repeat(100_000)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("nested too deeply");
  }

  @Test
  void dividesHostileFormulasInTime() {
    String power = "N" + "*N".repeat(2_000);
    assertThat(Dim.parse(power + "/(N - M)").symbols()).hasSize(2);
  }

  @Test
  void overflowIsAnError() {
    Dim large = Dim.of(Long.MAX_VALUE);
    assertThatThrownBy(() -> large.plus(1)).isInstanceOf(ArithmeticException.class);
    assertThatThrownBy(() -> large.times(large)).isInstanceOf(ArithmeticException.class);
    Dim product = Dim.symbol("N").times(Dim.symbol("M"));
    assertThatThrownBy(() -> product.evaluate(_ -> 1L << 40))
        .isInstanceOf(ArithmeticException.class);
  }

  @Test
  void comparesWhereBoundsTell() {
    Dim n = Dim.symbol("N");
    assertThat(n.plus(1).isAtLeast(n)).isTrue();
    assertThat(n.times(2).isAtLeast(n)).isTrue();
    assertThat(n.isAtLeast(Fixed.ZERO)).isTrue();
    assertThat(n.isAtLeast(Fixed.ONE)).isFalse();
    assertThat(n.isAtLeast(Dim.symbol("M"))).isFalse();
  }

  @Test
  void aLimitedSizeFitsItselfOnlyWhereTheLimitIsNotReached() {
    Dim limited = Dim.min(Dim.of(64), Dim.symbol("S"));
    assertThat(Dim.broadcast(limited, Dim.symbol("S"))).isEqualTo(Dim.symbol("S"));
    assertThat(Dim.broadcast(Dim.symbol("S"), limited)).isEqualTo(Dim.symbol("S"));
    Dim ofTheEnd = Dim.of(64).minus(Dim.max(Dim.of(64).minus(Dim.symbol("S")), Fixed.ZERO));
    assertThat(Dim.broadcast(ofTheEnd, Dim.symbol("S"))).isEqualTo(Dim.symbol("S"));
    Dim atMostOne = Dim.min(Fixed.ONE, Dim.symbol("S"));
    assertThat(Dim.broadcast(atMostOne, Dim.symbol("S"))).isEqualTo(Dim.symbol("S"));
    Dim none = Dim.min(Fixed.ZERO, Dim.symbol("S"));
    assertThat(Dim.broadcast(none, Dim.symbol("S"))).isNotEqualTo(Dim.symbol("S"));
    assertThat(Dim.broadcast(limited, Dim.symbol("T"))).isNotEqualTo(Dim.symbol("T"));
  }

  @Test
  void aSizeFitsItselfWhereASliceKeepsItFromBeingNegative() {
    Dim size = Dim.symbol("S").plus(-1);
    Dim sliced = Dim.max(size, Fixed.ZERO);
    assertThat(Dim.broadcast(size, sliced)).isEqualTo(size);
    assertThat(Dim.broadcast(sliced, size)).isEqualTo(size);
    assertThat(Dim.broadcast(Dim.max(size, Dim.of(2)), size)).isNotEqualTo(size);
    assertThat(Dim.broadcast(Dim.max(size, Dim.symbol("T")), size)).isNotEqualTo(size);
  }
}
