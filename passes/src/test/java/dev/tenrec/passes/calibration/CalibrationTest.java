package dev.tenrec.passes.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.AbstractIterator;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.NotEmpty;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class CalibrationTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[N,3] x, int32[N,3] places) => (float[N,3] y) {
            w = Constant<value=float[3,3] {1, -2, 3, 0.5, 0, 1, 2, 1, -1}>()
            h = MatMul(x, w)
            r = Relu(h)
            y = Add(r, x)
          }
          """);
  private static final ImmutableLongArray ROW = ImmutableLongArray.of(1, 3);

  private static Tensor batch(Tensor data, int first, int count) {
    return Tensor.ofDoubles(
        data.elementType(), ImmutableLongArray.of(count, 3), i -> data.getDouble(3L * first + i));
  }

  private static CalibrationTable table(
      String calibrator, Iterable<? extends Map<String, Tensor>> samples) {
    return Calibration.of(GRAPH, Calibration.floating(GRAPH), samples, Interpreter::of)
        .table(Calibrator.parse(calibrator), ElementType.INT8);
  }

  @Property(tries = 30)
  void batchingMakesNoDifference(
      @ForAll long seed,
      @ForAll @NotEmpty @Size(max = 8) List<@IntRange(min = 0, max = 9) Integer> sizes) {
    int total = 1 + sizes.stream().mapToInt(Integer::intValue).sum();
    Random random = new Random(seed);
    Tensor data =
        Tensor.ofDoubles(
            ElementType.FLOAT32,
            ImmutableLongArray.of(total, 3),
            _ -> random.nextGaussian() * Math.pow(2, random.nextInt(8)));
    List<Map<String, Tensor>> parts = new ArrayList<>();
    int first = 0;
    for (int size : sizes) {
      parts.add(sample(batch(data, first, size)));
      first += size;
    }
    parts.add(sample(batch(data, first, 1)));
    for (String calibrator : List.of("moving-average", "entropy", "mse", "percentile=90")) {
      assertThat(table(calibrator, parts)).isEqualTo(table(calibrator, List.of(sample(data))));
    }
  }

  @Test
  void graphsThatComputeNothingHaveRangesOfTheirInputs() {
    Graph graph = GraphParser.parse("g (float[N,3] x) => (float[N,3] x) { }");
    Map<String, Tensor> sample = Map.of("x", Tensor.ofFloats(ROW, 1, 2, 3));
    assertThat(calibrated(graph, sample).table(new Calibrator.MinMax(), ElementType.INT8).ranges())
        .containsOnlyKeys("x");
  }

  @Test
  void whatIsNeverFiniteHasNoRange() {
    Graph graph =
        GraphParser.parse("g (float[N,3] x) => (float[N,3] y) { l = Log(x)  y = Relu(l) }");
    Map<String, Tensor> negative = Map.of("x", Tensor.ofFloats(ROW, -1, -2, -3));
    assertThat(
            calibrated(graph, negative).table(new Calibrator.MinMax(), ElementType.INT8).ranges())
        .containsOnlyKeys("x");
    Map<String, Tensor> broken = Map.of("x", Tensor.ofFloats(ROW, Float.NaN, Float.NaN, Float.NaN));
    assertThatThrownBy(() -> calibrated(graph, broken))
        .hasMessageContaining("no sample of input 'x' holds a finite number");
  }

  private static Calibration calibrated(Graph graph, Map<String, Tensor> sample) {
    return Calibration.of(graph, Calibration.floating(graph), List.of(sample), Interpreter::of);
  }

  private static Map<String, Tensor> sample(Tensor x) {
    return Map.of("x", x, "places", Tensor.ofLongs(ElementType.INT32, x.sizes(), _ -> 0));
  }

  @Test
  void keepsNoMoreThanAFewSamples() {
    List<WeakReference<Tensor>> given = new ArrayList<>();
    List<Long> alive = new ArrayList<>();
    Iterable<Map<String, Tensor>> samples =
        () ->
            new AbstractIterator<>() {
              @Override
              protected @Nullable Map<String, Tensor> computeNext() {
                if (given.size() == 300) {
                  return endOfData();
                }
                if (given.size() % 100 == 99) {
                  System.gc();
                  alive.add(given.stream().filter(sample -> sample.get() != null).count());
                }
                int number = given.size();
                Tensor x = Tensor.ofDoubles(ElementType.FLOAT32, ROW, i -> number + i);
                given.add(new WeakReference<>(x));
                return sample(x);
              }
            };
    CalibrationTable table = table("minmax", samples);
    assertThat(table.ranges().get("x")).isEqualTo(new Range(0, 301, 301));
    assertThat(alive).hasSize(3).allSatisfy(count -> assertThat(count).isLessThan(20));
  }

  @Test
  void hasARangeForEachFloatingValueThatDependsOnInputs() {
    Tensor x = Tensor.ofFloats(ROW, 1, -2, 0.5f);
    CalibrationTable table = table("minmax", List.of(sample(x)));
    assertThat(table.ranges())
        .isEqualTo(
            ImmutableMap.of(
                "x", new Range(-2, 1, 2),
                "h", new Range(-1.5, 1, 1.5),
                "r", new Range(0, 1, 1),
                "y", new Range(-2, 2, 2)));
  }

  @Test
  void notesWhatIsNotFinite() {
    Tensor x = Tensor.ofFloats(ROW, Float.NaN, 1, 2);
    Calibration calibration =
        Calibration.of(GRAPH, Calibration.floating(GRAPH), List.of(sample(x)), Interpreter::of);
    assertThat(calibration.notes()).contains("'x' holds 0 infinities and 1 that are not a number");
  }

  @Test
  void noSamplesAreNoCalibration() {
    assertThatThrownBy(() -> table("minmax", List.of()))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("there are no samples");
  }

  @Test
  void aTableOfAnotherModelIsRefused() {
    CalibrationTable table = new CalibrationTable(ImmutableMap.of("z", new Range(0, 1, 1)));
    assertThatThrownBy(() -> table.requireFits(GRAPH))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("a range for 'z', which the model does not have");
    table("minmax", IntStream.range(0, 2).mapToObj(_ -> sample(batch0())).toList())
        .requireFits(GRAPH);
  }

  private static Tensor batch0() {
    return Tensor.ofFloats(ROW, 0, 1, 2);
  }
}
