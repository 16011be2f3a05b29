package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.evaluateAll;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.longs;
import static dev.tenrec.ir.testing.Tensors.random;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Reduction.CumulativeSum;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Reduction.TopK;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ReductionTest {
  private static Tensor reduce(ReduceKind kind, Tensor x, boolean keepDims, Integer... axes) {
    return evaluate(v -> new Reduce(kind, v.getFirst(), ImmutableList.copyOf(axes), keepDims), x);
  }

  private static double fold(ReduceKind kind, double... elements) {
    DoubleStream x = Arrays.stream(elements);
    return switch (kind) {
      case SUM -> x.sum();
      case MEAN -> x.average().orElse(Double.NaN);
      case MAX -> x.max().orElse(Double.NEGATIVE_INFINITY);
      case MIN -> x.min().orElse(Double.POSITIVE_INFINITY);
      case PROD -> x.reduce(1, (a, b) -> a * b);
      case L1 -> x.map(Math::abs).sum();
      case L2 -> Math.sqrt(x.map(e -> e * e).sum());
      case SUM_SQUARE -> x.map(e -> e * e).sum();
      case LOG_SUM -> Math.log(x.sum());
      case LOG_SUM_EXP -> Math.log(x.map(Math::exp).sum());
    };
  }

  @ParameterizedTest
  @EnumSource(ReduceKind.class)
  void everyKindFoldsItsAxes(ReduceKind kind) {
    Tensor x = Tensor.ofDoubles(ElementType.FLOAT32, sizes(2, 3, 4), i -> 0.5 + Math.sin(i) / 4);
    Tensor outer = reduce(kind, x, false, 0, 2);
    Tensor expected =
        Tensor.ofDoubles(
            ElementType.FLOAT32,
            sizes(3),
            row ->
                fold(
                    kind,
                    IntStream.range(0, 8)
                        .mapToDouble(k -> x.getDouble(k / 4 * 12 + row * 4 + k % 4))
                        .toArray()));
    assertClose(outer, expected, 1e-6, 1e-6);
    assertThat(reduce(kind, x, true, 0, 2)).isEqualTo(outer.withSizes(sizes(1, 3, 1)));
    assertClose(
        reduce(kind, x, false, 0, 1, 2), floats(sizes(), fold(kind, x.toDoubles())), 1e-6, 1e-6);
  }

  @ParameterizedTest
  @EnumSource(ReduceKind.class)
  void nothingFoldsToTheNeutralElement(ReduceKind kind) {
    assertThat(reduce(kind, floats(sizes(2, 0, 1)), false, 1).toDoubles())
        .containsExactly(new double[] {fold(kind), fold(kind)});
    assertThat(reduce(kind, floats(sizes(0, 2)), false, 1).sizes()).isEqualTo(sizes(0));
  }

  /** Every element is a group of its own. */
  @ParameterizedTest
  @EnumSource(ReduceKind.class)
  void noAxesFoldEachElementAlone(ReduceKind kind) {
    Tensor x = floats(sizes(2, 2), 1, 2, 0.5, 4);
    assertClose(
        reduce(kind, x, false),
        Tensor.ofDoubles(ElementType.FLOAT32, sizes(2, 2), i -> fold(kind, x.getDouble(i))),
        1e-7,
        1e-6);
    assertClose(reduce(kind, floats(sizes(), 3), true), floats(sizes(), fold(kind, 3)), 1e-7, 1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "SUM, 2",
    "MEAN, 0",
    "MAX, 9",
    "MIN, -9",
    "PROD, -81",
    "L1, 20",
    "L2, 12",
    "SUM_SQUARE, 164",
    "LOG_SUM, 0",
    "LOG_SUM_EXP, 9"
  })
  void integersStayIntegers(ReduceKind kind, long expected) {
    assertThat(reduce(kind, longs(sizes(4), -9, 9, 1, 1), false, 0).toLongs())
        .containsExactly(expected);
  }

  @Test
  void extremesOfIntegersRespectTheType() {
    Tensor none = Tensor.ofLongs(ElementType.UINT8, sizes(0), _ -> 0);
    assertThat(reduce(ReduceKind.MAX, none, false, 0).toLongs()).containsExactly(0);
    assertThat(reduce(ReduceKind.MIN, none, false, 0).toLongs()).containsExactly(255);
    Tensor noBytes = Tensor.ofLongs(ElementType.INT8, sizes(0), _ -> 0);
    assertThat(reduce(ReduceKind.MAX, noBytes, false, 0).toLongs()).containsExactly(-128);
    Tensor large = Tensor.ofLongs(ElementType.UINT64, sizes(2), i -> i == 0 ? -1 : 1);
    assertThat(reduce(ReduceKind.MAX, large, false, 0).toLongs()).containsExactly(-1);
    assertThat(reduce(ReduceKind.MIN, large, false, 0).toLongs()).containsExactly(1);
    assertThat(
            failure(
                v -> new Reduce(ReduceKind.MEAN, v.getFirst(), ImmutableList.of(0), false), none))
        .hasMessageContaining("no integers to take the mean of");
  }

  @Test
  void infinitiesAndNanSurvive() {
    double infinity = Double.POSITIVE_INFINITY;
    assertThat(reduce(ReduceKind.LOG_SUM_EXP, floats(1000, 1000), false, 0).getDouble(0))
        .isEqualTo((float) (1000 + Math.log(2)));
    assertThat(reduce(ReduceKind.LOG_SUM_EXP, floats(-infinity, -infinity), false, 0).toDoubles())
        .containsExactly(-infinity);
    assertThat(reduce(ReduceKind.LOG_SUM_EXP, floats(1, infinity), false, 0).toDoubles())
        .containsExactly(infinity);
    assertThat(reduce(ReduceKind.MAX, floats(1, Double.NaN), false, 0).getDouble(0)).isNaN();
    assertThat(reduce(ReduceKind.MIN, floats(Double.NaN, 1), false, 0).getDouble(0)).isNaN();
  }

  private static long[] arg(boolean largest, boolean last, double... elements) {
    return evaluate(v -> new ArgReduce(largest, v.getFirst(), 0, false, last), floats(elements))
        .toLongs();
  }

  @Test
  void ofEqualElementsTheFirstOrLastIsChosen() {
    assertThat(arg(true, false, 1, 3, 2, 3)).containsExactly(1);
    assertThat(arg(true, true, 1, 3, 2, 3)).containsExactly(3);
    assertThat(arg(false, false, 1, 3, 1, 3)).containsExactly(0);
    assertThat(arg(false, true, 1, 3, 1, 3)).containsExactly(2);
    assertThat(arg(true, false, -0.0, 0.0)).containsExactly(0);
    assertThat(arg(true, false, 1, Double.NaN, 5, Double.NaN)).containsExactly(1);
    assertThat(arg(false, true, 1, Double.NaN, 5, Double.NaN)).containsExactly(3);
  }

  @Test
  void argumentsAlongAnAxis() {
    Tensor x = floats(sizes(2, 3), 1, 9, 3, 7, 2, 8);
    assertThat(evaluate(v -> new ArgReduce(true, v.getFirst(), 0, true, false), x))
        .isEqualTo(longs(sizes(1, 3), 1, 0, 1));
    assertThat(evaluate(v -> new ArgReduce(false, v.getFirst(), 1, false, false), x))
        .isEqualTo(longs(sizes(2), 0, 1));
    Tensor unsigned = Tensor.ofLongs(ElementType.UINT64, sizes(2), i -> i == 0 ? -1 : 1);
    assertThat(evaluate(v -> new ArgReduce(true, v.getFirst(), 0, false, false), unsigned))
        .isEqualTo(longs(sizes(), 0));
    assertThat(
            failure(v -> new ArgReduce(true, v.getFirst(), 1, false, false), floats(sizes(2, 0))))
        .hasMessageContaining("nothing to choose in float[2, 0]");
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void topKSortsStably(
      @ForAll @IntRange(max = 6) int k, @ForAll boolean largest, @ForAll long seed) {
    Tensor x = random(TensorType.of(ElementType.INT32, 2, 6, 3), seed);
    List<Tensor> results =
        evaluateAll(v -> new TopK(v.get(0), v.get(1), 1, largest), x, Tensor.ofLongs(k));
    assertThat(results.get(0).sizes()).isEqualTo(sizes(2, k, 3));
    for (int row = 0; row < 6; row++) {
      long start = row / 3 * 18L + row % 3;
      Comparator<Integer> order = Comparator.comparingLong(i -> x.getLong(start + i * 3L));
      List<Integer> sorted =
          IntStream.range(0, 6).boxed().sorted(largest ? order.reversed() : order).toList();
      for (int i = 0; i < k; i++) {
        long at = row / 3 * (3L * k) + i * 3L + row % 3;
        assertThat(results.get(1).getLong(at)).isEqualTo(sorted.get(i).longValue());
        assertThat(results.get(0).getLong(at)).isEqualTo(x.getLong(start + sorted.get(i) * 3L));
      }
    }
  }

  @Test
  void topKOfTooManyIsInvalid() {
    assertThat(failure(v -> new TopK(v.get(0), v.get(1), 0, true), floats(1, 2), Tensor.ofLongs(3)))
        .hasMessageContaining("TopK: 3 elements of axis 0 of float[2]");
    List<Tensor> nan =
        evaluateAll(
            v -> new TopK(v.get(0), v.get(1), 0, true),
            floats(1, Double.NaN, 2),
            Tensor.ofLongs(2));
    assertThat(nan.get(1)).isEqualTo(Tensor.ofLongs(1, 2));
  }

  @ParameterizedTest
  @CsvSource({
    "false, false, 1 3 6 10",
    "true, false, 0 1 3 6",
    "false, true, 10 9 7 4",
    "true, true, 9 7 4 0"
  })
  void runningSums(boolean exclusive, boolean reverse, String expected) {
    double[] numbers =
        Arrays.stream(expected.split(" ")).mapToDouble(Double::parseDouble).toArray();
    Tensor x = floats(1, 2, 3, 4);
    assertThat(evaluate(v -> new CumulativeSum(v.getFirst(), 0, exclusive, reverse), x))
        .isEqualTo(floats(numbers));
    Tensor integers =
        evaluate(
            v -> new CumulativeSum(v.getFirst(), 0, exclusive, reverse),
            Tensor.ofLongs(1, 2, 3, 4));
    assertThat(integers.toDoubles()).isEqualTo(numbers);
  }

  @Test
  void runningSumsAlongAnAxis() {
    Tensor x = Tensors.counting(ElementType.INT32, 2, 2, 2);
    assertThat(evaluate(v -> new CumulativeSum(v.getFirst(), 1, false, false), x).toLongs())
        .containsExactly(0, 1, 2, 4, 4, 5, 10, 12);
    assertThat(
            evaluate(v -> new CumulativeSum(v.getFirst(), 0, false, false), floats(sizes(0, 2)))
                .sizes())
        .isEqualTo(sizes(0, 2));
  }
}
