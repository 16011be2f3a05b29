package dev.tenrec.passes.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSortedMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which values are read quantized, with the bounds of their ranges. */
class PlacementTest {
  private static String weights(String name, int... sizes) {
    int count = 1;
    for (int size : sizes) {
      count *= size;
    }
    List<String> elements = Collections.nCopies(count, "1");
    return "  %s = Constant<value=float%s {%s}>()\n"
        .formatted(name, Arrays.toString(sizes), String.join(", ", elements));
  }

  /** For each value that is read quantized the bound, rounded. */
  private static ImmutableSortedMap<String, Long> placed(
      ElementType type, String graph, Map<String, Double> bounds) {
    ImmutableMap.Builder<String, Range> ranges = ImmutableMap.builder();
    bounds.forEach((name, bound) -> ranges.put(name, new Range(-bound, bound, bound)));
    Graph parsed = GraphParser.parse(graph);
    QuantizationPlan plan =
        new QuantizeGraph(type, new CalibrationTable(ranges.buildOrThrow())).plan(parsed);
    ImmutableSortedMap.Builder<String, Long> found = ImmutableSortedMap.naturalOrder();
    for (QuantizationPlan.Row row : plan.rows()) {
      if (row.decision() instanceof QuantizationPlan.Decision.Activation(var own, double scale)) {
        found.put(row.name(), Math.round(scale * QuantizedType.largest(own)));
      }
    }
    return found.buildOrThrow();
  }

  private static ImmutableSortedMap<String, Long> placed(String graph, Map<String, Double> bounds) {
    return placed(ElementType.INT8, graph, bounds);
  }

  /** What skips the convolutions is quantized, what ends in one is not. */
  @Test
  void residualSums() {
    String graph =
        """
        g (float[N,16,4,4] x) => (float[N,16,4,4] y) {
        %s  a = Conv<activation=relu>(x, w)
          b = Conv(a, w)
          s = Add(b, x)
          y = Relu(s)
        }
        """
            .formatted(weights("w", 16, 16, 1, 1));
    assertThat(placed(graph, Map.of("x", 1.0, "a", 2.0, "b", 3.0, "s", 4.0)))
        .isEqualTo(Map.of("x", 1L, "a", 2L));
  }

  /** Of two convolutions the sum belongs to the one on the longer way. */
  @Test
  void sumsOfTwoConvolutions() {
    String graph =
        """
        g (float[N,16,4,4] x) => (float[N,16,4,4] y) {
        %s  d = Conv(x, w)
          a = Conv<activation=relu>(x, w)
          b = Conv(a, w)
          y = Add(d, b)
        }
        """
            .formatted(weights("w", 16, 16, 1, 1));
    assertThat(placed(graph, Map.of("x", 1.0, "a", 2.0, "b", 3.0, "d", 4.0)))
        .isEqualTo(Map.of("x", 1L, "a", 2L, "d", 4L));
  }

  @Test
  void nothingIsQuantizedForSumsWithConstants() {
    String graph =
        """
        g (float[N,16,4,4] x) => (float[N,16,4,4] y) {
        %s%s  b = Conv(x, w)
          y = Add(b, c)
        }
        """
            .formatted(weights("w", 16, 16, 1, 1), weights("c", 16, 1, 1));
    assertThat(placed(graph, Map.of("x", 1.0, "b", 3.0))).isEqualTo(Map.of("x", 1L));
  }

  /** The parts get the scale of the whole, also through copies, so that nothing is rescaled. */
  @Test
  void concatenationsShareScales() {
    String graph =
        """
        g (float[N,16,4,4] x, float[N,16,4,4] z) => (float[N,16,4,4] y) {
        %s  a = Exp(x)
          c = Concat<axis=1>(a, z)
          t = Transpose<permutation=[0,1,3,2]>(c)
          y = Conv(t, w)
        }
        """
            .formatted(weights("w", 16, 32, 1, 1));
    assertThat(placed(graph, Map.of("a", 5.0, "z", 2.0, "c", 5.0, "t", 4.0)))
        .isEqualTo(Map.of("a", 5L, "z", 5L, "t", 5L));
  }

  /** Somebody else would read what the concatenation of rounded parts is. */
  @Test
  void concatenationsThatOthersReadAreNotQuantizedBefore() {
    String graph =
        """
        g (float[N,16,4,4] x, float[N,16,4,4] z) => (float[N,16,4,4] y, float[N,32,4,4] u) {
        %s  c = Concat<axis=1>(x, z)
          u = Exp(c)
          y = Conv(c, w)
        }
        """
            .formatted(weights("w", 16, 32, 1, 1));
    assertThat(placed(graph, Map.of("x", 5.0, "z", 2.0, "c", 5.0))).isEqualTo(Map.of("c", 5L));
  }

  @Test
  void poolsReadWhatTheirReadersDo() {
    String graph =
        """
        g (float[N,16,4,4] x) => (float[N,16,1,1] y, float[N,16,1,1] z) {
        %s  m = Pool<kind=max, kernel=[4,4]>(x)
          y = Conv(m, w)
          e = Exp(x)
          p = Pool<kind=average, kernel=[4,4]>(e)
          z = Conv(p, w)
        }
        """
            .formatted(weights("w", 16, 16, 1, 1));
    Map<String, Double> bounds = Map.of("x", 5.0, "m", 4.0, "e", 3.0, "p", 2.0);
    assertThat(placed(graph, bounds)).isEqualTo(Map.of("x", 5L, "m", 5L, "e", 3L, "p", 2L));
    assertThat(placed(ElementType.FLOAT8E4M3FN, graph, bounds)).isEqualTo(Map.of("m", 4L, "p", 2L));
  }

  /** One pair for all projections of what a normalization gives. */
  @Test
  void projectionsShareWhatTheyRead() {
    String graph =
        """
        g (float[N,16] x) => (float[N,16] y, float[N,16] z) {
        %s  y = MatMul(x, w)
          z = MatMul(x, w)
        }
        """
            .formatted(weights("w", 16, 16));
    assertThat(placed(graph, Map.of("x", 5.0))).isEqualTo(Map.of("x", 5L));
  }

  /** What the model has quantized keeps its scales, and what is missing is added in its type. */
  @Test
  void quantizedModelsAreCompleted() {
    String graph =
        """
        g (float[N,16] x) => (float[N,16] y, float[N,16] z) {
          s = Constant<value=float {0.1}>()
          i = Constant<value=int8[16,16] {%s}>()
        %s  u = Dequantize<to=float>(i, s)
          q = Quantize<to=int8>(x, s)
          d = Dequantize<to=float>(q, s)
          a = MatMul(d, u)
          y = MatMul(a, u)
          z = MatMul(d, w)
        }
        """
            .formatted(String.join(", ", Collections.nCopies(256, "1")), weights("w", 16, 16));
    Map<String, Double> bounds = Map.of("x", 9.0, "d", 9.0, "a", 3.0);
    assertThat(placed(graph, bounds)).isEqualTo(Map.of("a", 3L));
    assertThat(placed(ElementType.FLOAT8E4M3FN, graph, bounds)).isEqualTo(Map.of("a", 3L));
  }
}
