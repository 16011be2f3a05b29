package dev.tenrec.passes.quantize;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class QuantizeGraphTest {
  private static CalibrationTable table(Map<String, Double> bounds) {
    return new CalibrationTable(
        ImmutableMap.copyOf(
            Maps.transformValues(bounds, bound -> new Range(-bound, bound, bound))));
  }

  private static QuantizeGraph int8(Map<String, Double> bounds) {
    return new QuantizeGraph(ElementType.INT8, table(bounds));
  }

  /** A constant whose elements are all the same, as text. */
  private static String constant(String type, String element, int... sizes) {
    int count = IntStream.of(sizes).reduce(1, (a, b) -> a * b);
    return "Constant<value=%s%s {%s}>()"
        .formatted(
            type, Arrays.toString(sizes), String.join(", ", Collections.nCopies(count, element)));
  }

  private static String weights(int... sizes) {
    return constant("float", "127", sizes);
  }

  private static String quantizedWeights(int axis, int... sizes) {
    return """
      i = %s
      u = %s
      w = Dequantize<to=float, axis=%d>(i, u)
    """
        .formatted(constant("int8", "127", sizes), constant("float", "1", sizes[axis]), axis);
  }

  @Test
  void productsReadMultiplesOfScales() {
    rule(int8(ImmutableMap.of("x", 12.7)))
        .within(20)
        .given(
            """
            g (float[N,16] x) => (float[N,16] y) {
              w = %s
              y = MatMul(x, w)
            }
            """
                .formatted(weights(16, 16)))
        .becomes(
            """
            g (float[N,16] x) => (float[N,16] y) {
              s = Constant<value=float {0.1}>()
              q = Quantize<to=int8>(x, s)
              a = Dequantize<to=float>(q, s)
            %s
              y = MatMul(a, w)
            }
            """
                .formatted(quantizedWeights(1, 16, 16)));
  }

  @Test
  void transposedWeightsHaveTheirScalesAlongRows() {
    rule(int8(ImmutableMap.of("x", 12.7)))
        .within(20)
        .given(
            """
            g (float[N,3,16] x) => (float[N,3,32] y) {
              w = %s
              y = MatMul<transpose_b=true>(x, w)
            }
            """
                .formatted(weights(32, 16)))
        .becomes(
            """
            g (float[N,3,16] x) => (float[N,3,32] y) {
              s = Constant<value=float {0.1}>()
              q = Quantize<to=int8>(x, s)
              a = Dequantize<to=float>(q, s)
            %s
              y = MatMul<transpose_b=true>(a, w)
            }
            """
                .formatted(quantizedWeights(0, 32, 16)));
  }

  /** What is dequantized has the type that it had; scales are exact. */
  @Test
  void halfPrecisionStays() {
    rule(int8(ImmutableMap.of("x", 12.7)))
        .within(20)
        .given(
            """
            g (float16[N,16] x) => (float16[N,16] y) {
              w = %s
              y = MatMul(x, w)
            }
            """
                .formatted(constant("float16", "127", 16, 16)))
        .becomes(
            """
            g (float16[N,16] x) => (float16[N,16] y) {
              s = Constant<value=float {0.1}>()
              q = Quantize<to=int8>(x, s)
              a = Dequantize<to=float16>(q, s)
            %s
              y = MatMul(a, w)
            }
            """
                .formatted(quantizedWeights(1, 16, 16).replace("to=float", "to=float16")));
  }

  @Test
  void readersShareWhatTheyReadAndOthersReadItAsItIs() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N,16] x) => (float[N,16] y, float[N,16] z, float[N,16] u) {
              w = %s
              y = MatMul(x, w)
              z = MatMul<transpose_b=true>(x, w)
              u = Exp(x)
            }
            """
                .formatted(weights(16, 16)));
    QuantizationPlan plan = int8(ImmutableMap.of("x", 1.0)).plan(graph);
    assertThat(plan.rows())
        .filteredOn(row -> row.decision() instanceof QuantizationPlan.Decision.Activation)
        .singleElement()
        .satisfies(row -> assertThat(row.readings()).hasSize(2));
  }

  private static String unknownRange() {
    return """
    g (float[N,16] x) => (float[N,16] y) {
      w = %s
      y = MatMul(x, w)
    }
    """
        .formatted(weights(16, 16));
  }

  @Test
  void withoutRangesNothingIsQuantized() {
    rule(int8(ImmutableMap.of())).given(unknownRange()).isUnchanged();
    assertThat(int8(ImmutableMap.of()).plan(GraphParser.parse(unknownRange())).toString())
        .contains("the range of x is not known");
  }

  @Test
  void exceptionsStayAsTheyAre() {
    CalibrationTable table = table(ImmutableMap.of("x", 1.0));
    ImmutableMap<String, ElementType> kept = ImmutableMap.of("y", ElementType.FLOAT32);
    rule(new QuantizeGraph(ElementType.INT8, table, kept)).given(unknownRange()).isUnchanged();
  }

  @Test
  void smallProductsStayAsTheyAre() {
    rule(int8(ImmutableMap.of("x", 1.0)))
        .given(
            """
            g (float[N,8] x) => (float[N,16] y) {
              w = %s
              y = MatMul(x, w)
            }
            """
                .formatted(weights(8, 16)))
        .isUnchanged();
  }

  @Test
  void otherTypesAreRefused() {
    assertThatThrownBy(() -> new QuantizeGraph(ElementType.INT4, CalibrationTable.EMPTY))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("not in int4");
  }
}
