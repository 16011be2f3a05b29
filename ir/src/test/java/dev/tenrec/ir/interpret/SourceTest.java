package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.longs;
import static dev.tenrec.ir.testing.Tensors.random;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Source.Range;
import dev.tenrec.ir.Source.ShapeOf;
import dev.tenrec.ir.Source.Sizes;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SourceTest {
  private static Tensor range(Tensor start, Tensor limit, Tensor step) {
    return evaluate(v -> new Range(v.get(0), v.get(1), v.get(2)), start, limit, step);
  }

  private static Tensor number(long number) {
    return longs(sizes(), number);
  }

  @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
  void rangeCountsUntilItsLimit(
      @ForAll @IntRange(min = -9, max = 9) int start,
      @ForAll @IntRange(min = -9, max = 9) int limit,
      @ForAll @IntRange(min = -4, max = 4) int step) {
    Assume.that(step != 0);
    List<Long> expected = new ArrayList<>();
    for (long i = start; step > 0 ? i < limit : i > limit; i += step) {
      expected.add(i);
    }
    long[] elements = expected.stream().mapToLong(i -> i).toArray();
    assertThat(range(number(start), number(limit), number(step)))
        .isEqualTo(Tensor.ofLongs(elements));
    Tensor halves =
        range(
            floats(sizes(), start / 2.0),
            floats(sizes(), limit / 2.0),
            floats(sizes(), step / 2.0));
    assertThat(halves.toDoubles())
        .containsExactly(expected.stream().mapToDouble(i -> i / 2.0).toArray());
  }

  @Test
  void rangesWithoutEndAreInvalid() {
    assertThat(
            failure(v -> new Range(v.get(0), v.get(1), v.get(2)), number(0), number(5), number(0)))
        .hasMessageContaining("Range from 0 has the step 0");
    for (double step : new double[] {0, Double.NaN}) {
      assertThat(
              failure(
                  v -> new Range(v.get(0), v.get(1), v.get(2)),
                  floats(sizes(), 0),
                  floats(sizes(), 5),
                  floats(sizes(), step)))
          .hasMessageContaining("has no end");
    }
    assertThat(
            failure(
                v -> new Range(v.get(0), v.get(1), v.get(2)),
                number(0),
                number(Long.MAX_VALUE),
                number(1)))
        .hasMessageContaining("TOO_LARGE");
    assertThat(
            failure(
                v -> new Range(v.get(0), v.get(1), v.get(2)),
                number(Long.MIN_VALUE),
                number(Long.MAX_VALUE),
                number(1)))
        .hasMessageContaining("overflow");
  }

  @Test
  void shapeOfIsTheSizes() {
    assertThat(evaluate(v -> new ShapeOf(v.getFirst()), random(1, 2, 0, 5)))
        .isEqualTo(Tensor.ofLongs(2, 0, 5));
    assertThat(evaluate(v -> new ShapeOf(v.getFirst()), floats(sizes(), 1)).toLongs()).isEmpty();
  }

  @Test
  void sizesAreEvaluated() {
    Sizes sizes = new Sizes(ImmutableList.of(Dim.parse("N*2 + M"), Dim.of(-1)), false);
    assertThat(
            Interpreter.evaluate(
                sizes, ImmutableList.of(), symbol -> symbol.name().equals("N") ? 10 : 1))
        .containsExactly(Tensor.ofLongs(21, -1));
    assertThat(
            Interpreter.evaluate(
                new Sizes(ImmutableList.of(Dim.of(3)), true), ImmutableList.of(), _ -> 0))
        .containsExactly(number(3));
    assertThatThrownBy(() ->
            Interpreter.evaluate(
                new Sizes(ImmutableList.of(Dim.parse("1/N")), true), ImmutableList.of(), _ -> 0))
        .hasMessageContaining("INVALID_INPUT");
  }

  @Test
  void unsignedRange() {
    Tensor one = Tensor.ofLongs(ElementType.UINT8, sizes(), _ -> 1);
    Tensor four = Tensor.ofLongs(ElementType.UINT8, sizes(), _ -> 4);
    assertThat(range(one, four, one).toLongs()).containsExactly(1, 2, 3);
  }
}
