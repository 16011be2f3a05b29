package dev.tenrec.passes.search;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.data.Offset.offset;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Maps;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.search.PrecisionSearch.Result;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class PrecisionSearchTest {
  private static final ElementType INT8 = ElementType.INT8;
  private static final ElementType FP8 = ElementType.FLOAT8E4M3FN;
  private static final ElementType FP16 = ElementType.FLOAT16;
  private static final ElementType FP32 = ElementType.FLOAT32;
  private static final ImmutableList<ElementType> TYPES = ImmutableList.of(INT8, FP8, FP16, FP32);
  private static final ImmutableSet<ElementType> ANY = ImmutableSet.copyOf(TYPES);

  private final List<String> lines = new ArrayList<>();

  private void note(int measured, String choice, double error) {
    lines.add("%d: %s: %.3g".formatted(measured, choice, error));
  }

  private PrecisionSearch search(
      double bound, int budget, ImmutableMap<String, ImmutableSet<ElementType>> regions) {
    return new PrecisionSearch(regions, TYPES, bound, budget, this::note);
  }

  private PrecisionSearch search(double bound, int budget, String... regions) {
    return search(bound, budget, Maps.toMap(List.of(regions), _ -> ANY));
  }

  /** Errors that add up: each region's own for int8, parts of it for more exact types. */
  private static double sum(Map<String, ElementType> types, Map<String, Double> errors) {
    return types.entrySet().stream()
        .mapToDouble(entry -> errors.getOrDefault(entry.getKey(), 0.0) * part(entry.getValue()))
        .sum();
  }

  private static double part(ElementType type) {
    return type == INT8 ? 1 : type == FP8 ? 0.1 : type == FP16 ? 1e-3 : 0;
  }

  @Test
  void takesTheFewestBitsWhereTheyDo() {
    Result result = search(1, 10, "a", "b").run(_ -> 0.5);
    assertThat(result.types()).isEqualTo(ImmutableMap.of("a", INT8, "b", INT8));
    assertThat(result.accurate()).isTrue();
    assertThat(result.measured()).isEqualTo(1);
    assertThat(lines).containsExactly("1: all in int8: 0.500");
  }

  @Test
  void givesMoreBitsToWhatHurtsMost() {
    ImmutableMap<String, Double> errors = ImmutableMap.of("a", 0.1, "b", 20.0, "c", 0.2, "d", 5.0);
    Result result = search(1, 40, "a", "b", "c", "d").run(types -> sum(types, errors));
    assertThat(result.types())
        .isEqualTo(ImmutableMap.of("a", INT8, "b", FP16, "c", INT8, "d", FP8));
    assertThat(result.error()).isCloseTo(0.82, offset(1e-12));
  }

  @Test
  void goesOnBehindHalfPrecision() {
    ImmutableMap<String, Double> errors = ImmutableMap.of("a", 1.0, "b", 1e5, "c", 1.0);
    Result result = search(1.5, 40, "a", "b", "c").run(types -> sum(types, errors));
    assertThat(result.types()).containsEntry("b", FP32);
    assertThat(result.types().values()).containsOnlyOnce(INT8).contains(FP8);
  }

  @Test
  void givesARegionOnlyWhatItCanHave() {
    Result result =
        search(
                1,
                40,
                ImmutableMap.of(
                    "a", ANY, "b", ImmutableSet.of(FP16, FP32), "c", ImmutableSet.of(FP32)))
            .run(types -> types.get("a") == INT8 ? 2 : 0);
    assertThat(result.types()).isEqualTo(ImmutableMap.of("a", FP8, "b", FP16, "c", FP32));
  }

  @Test
  void measuresNoChoiceTwice() {
    List<Map<String, ElementType>> seen = new ArrayList<>();
    ImmutableMap<String, Double> errors = ImmutableMap.of("a", 0.1, "b", 2.0, "c", 0.2);
    search(1, 40, "a", "b", "c")
        .run(types -> {
          seen.add(types);
          return sum(types, errors);
        });
    assertThat(seen).doesNotHaveDuplicates();
  }

  @Test
  void saysThatNothingIsAccurateEnough() {
    Result result = search(1, 20, "a").run(_ -> Double.NaN);
    assertThat(result.accurate()).isFalse();
    assertThat(result.types()).isEqualTo(ImmutableMap.of("a", FP32));
  }

  @Test
  void refusesWhatCannotBeSearched() {
    assertThatThrownBy(() -> search(1, 3, "a")).isInstanceOf(IllegalArgumentException.class);
  }

  @Property(tries = 100)
  void staysWithinBoundAndBudget(
      @ForAll @Size(max = 40) List<@DoubleRange(min = 0, max = 1e4) Double> each,
      @ForAll @DoubleRange(min = 0.01, max = 50) double bound,
      @ForAll @IntRange(min = 4, max = 100) int budget) {
    String[] names = IntStream.range(0, each.size()).mapToObj(i -> "r" + i).toArray(String[]::new);
    ImmutableMap<String, Double> errors =
        Maps.toMap(
            Stream.of(names).toList(), name -> each.get(Integer.parseInt(name.substring(1))));
    Result result = search(bound, budget, names).run(types -> sum(types, errors));
    assertThat(result.types().keySet()).containsExactly(names);
    assertThat(result.accurate()).isTrue();
    assertThat(sum(result.types(), errors)).isEqualTo(result.error()).isLessThanOrEqualTo(bound);
    assertThat(result.measured()).isLessThanOrEqualTo(budget);
  }
}
