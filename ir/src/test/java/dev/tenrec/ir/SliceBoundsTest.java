package dev.tenrec.ir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import java.util.Optional;
import java.util.function.ToLongFunction;
import java.util.stream.LongStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SliceBoundsTest {
  @Provide
  Arbitrary<String> positions() {
    return Arbitraries.of(
        "0",
        "1",
        "3",
        "9",
        "-1",
        "-2",
        "-7",
        "K",
        "K + 1",
        "S",
        "S - 1",
        "S/2",
        "-K - 1",
        "9223372036854775807",
        "-9223372036854775807",
        "2147483647",
        "-2147483647",
        "min(K, S)");
  }

  @Provide
  Arbitrary<Long> steps() {
    return Arbitraries.of(1L, 2L, 3L, -1L, -2L, -3L, Long.MAX_VALUE, Long.MIN_VALUE);
  }

  /** ONNX's rules, one after the other, on numbers. */
  private static long[] visited(long start, long end, long size, long step) {
    long first = start < 0 ? start + size : start;
    long last = end < 0 ? end + size : end;
    if (size == 0) {
      return new long[0];
    }
    first = step > 0 ? Math.clamp(first, 0, size) : Math.clamp(first, 0, size - 1);
    last = step > 0 ? Math.clamp(last, 0, size) : Math.clamp(last, -1, size - 1);
    long begin = first;
    long end2 = last;
    return LongStream.range(0, size)
        .map(i -> step > 0 ? i : size - 1 - i)
        .filter(i -> step > 0 ? i >= begin && i < end2 : i <= begin && i > end2)
        .filter(i -> Math.abs(i - begin) % Math.abs(Math.max(step, -Long.MAX_VALUE)) == 0)
        .toArray();
  }

  @Property(tries = 4000)
  void agreesWithTheRulesOnNumbers(
      @ForAll("positions") String start,
      @ForAll("positions") String end,
      @ForAll("steps") long step,
      @ForAll @IntRange(max = 6) int size,
      @ForAll @IntRange(max = 8) int other,
      @ForAll boolean known) {
    ToLongFunction<Symbol> sizes = symbol -> symbol.name().equals("S") ? size : other;
    Dim axis = known ? Dim.of(size) : Dim.symbol("S");
    Optional<SliceBounds> bounds = SliceBounds.of(Dim.parse(start), Dim.parse(end), axis, step);
    if (bounds.isPresent()) {
      long[] expected =
          visited(Dim.parse(start).evaluate(sizes), Dim.parse(end).evaluate(sizes), size, step);
      assertThat(bounds.get().count().evaluate(sizes)).isEqualTo(expected.length);
      if (expected.length > 0) {
        assertThat(bounds.get().start().evaluate(sizes)).isEqualTo(expected[0]);
      }
    }
  }

  @Test
  void axesLongerThanAnArrayAreSlicedToo() {
    Dim size = Dim.of(5_000_000_000L);
    assertThat(SliceBounds.of(Dim.of(3_000_000_000L), Dim.of(Long.MAX_VALUE), size, 1))
        .contains(new SliceBounds(Dim.of(3_000_000_000L), Dim.of(2_000_000_000L)));
    assertThat(SliceBounds.of(Dim.of(-4_000_000_000L), Dim.of(-1), size, 1))
        .contains(new SliceBounds(Dim.of(1_000_000_000L), Dim.of(3_999_999_999L)));
  }

  @Test
  void aPositionOfOpenSignIsOpen() {
    Dim open = Dim.parse("N - 3");
    assertThat(SliceBounds.of(open, Dim.of(5), Dim.symbol("S"), 1)).isEmpty();
    assertThat(SliceBounds.of(Dim.of(0), open, Dim.symbol("S"), 1)).isEmpty();
  }
}
