package dev.tenrec.passes.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.search.PrecisionSearch.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PrecisionSearchTest {
  private static final ElementType INT8 = ElementType.INT8;
  private static final ElementType FP8 = ElementType.FLOAT8E4M3FN;
  private static final ElementType FLOAT = PrecisionSearch.FLOAT;

  private final List<String> lines = new ArrayList<>();

  private void note(int measured, String choice, double error) {
    lines.add("%d: %s: %s".formatted(measured, choice, error));
  }

  private PrecisionSearch search(double bound, int budget, String... regions) {
    return new PrecisionSearch(
        ImmutableList.copyOf(regions), ImmutableList.of(INT8, FP8), bound, budget, this::note);
  }

  /** Errors that add up: each region's own for int8, a tenth of it for float8. */
  private static double sum(
      ImmutableMap<String, ElementType> types, ImmutableMap<String, Double> errors) {
    return types.entrySet().stream()
        .mapToDouble(entry -> {
          double error = errors.getOrDefault(entry.getKey(), 0.0);
          return entry.getValue() == INT8 ? error : entry.getValue() == FP8 ? error / 10 : 0;
        })
        .sum();
  }

  @Test
  void takesTheFewestBitsWhereTheyDo() {
    Result result = search(1, 10, "a", "b").run(_ -> 0.5);
    assertThat(result.types()).isEqualTo(ImmutableMap.of("a", INT8, "b", INT8));
    assertThat(result.accurate()).isTrue();
    assertThat(result.measured()).isEqualTo(1);
    assertThat(lines).containsExactly("1: all in int8: 0.5");
  }

  @Test
  void keepsWhatHurtsMost() {
    ImmutableMap<String, Double> errors = ImmutableMap.of("a", 0.1, "b", 20.0, "c", 0.2, "d", 5.0);
    Result result = search(1, 20, "a", "b", "c", "d").run(types -> sum(types, errors));
    assertThat(result.types())
        .isEqualTo(ImmutableMap.of("a", INT8, "b", FLOAT, "c", INT8, "d", FP8));
    assertThat(result.sensitivities().keySet()).containsExactly("b", "d", "c", "a");
    assertThat(result.error()).isCloseTo(0.8, offset(1e-12));
  }

  @Test
  void saysThatFloatItselfIsNotAccurateEnough() {
    Result result = search(1, 20, "a").run(_ -> Double.NaN);
    assertThat(result.accurate()).isFalse();
    assertThat(result.types()).isEqualTo(ImmutableMap.of("a", FLOAT));
  }

  @Test
  void refusesWhatCannotBeSearched() {
    assertThatThrownBy(() -> search(1, 2, "a")).isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 100)
  void staysWithinBoundAndBudget(
      @ForAll @Size(max = 40) List<@DoubleRange(min = 0, max = 10) Double> each,
      @ForAll @DoubleRange(min = 0.01, max = 50) double bound,
      @ForAll @IntRange(min = 3, max = 100) int budget) {
    ImmutableMap<String, Double> errors =
        IntStream.range(0, each.size())
            .boxed()
            .collect(ImmutableMap.toImmutableMap(i -> "r" + i, each::get));
    String[] regions = errors.keySet().toArray(String[]::new);
    Result result = search(bound, budget, regions).run(types -> sum(types, errors));
    assertThat(result.types().keySet()).containsExactly(regions);
    assertThat(result.accurate()).isTrue();
    assertThat(sum(result.types(), errors)).isEqualTo(result.error()).isLessThanOrEqualTo(bound);
    assertThat(result.measured()).isLessThanOrEqualTo(budget);
  }
}
