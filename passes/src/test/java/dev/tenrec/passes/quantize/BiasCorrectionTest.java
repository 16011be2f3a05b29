package dev.tenrec.passes.quantize;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BiasCorrectionTest {
  private static final String CONV =
      """
      g (float[1,2,2] x) => (float[1,2,2] y) {
        w = Constant<value=float[2,%1$d,1] {%2$s}>()
        b = Constant<value=float[2] {%5$s}>()
        y = Conv<groups=%3$d>(x, w%4$s)
      }
      """;

  private static Conv conv(Graph graph) {
    return (Conv) graph.outputs().getFirst().value().producer().orElseThrow().op();
  }

  private static double[] run(Graph graph, Tensor x) {
    return Objects.requireNonNull(Interpreter.of(graph).run(Map.of("x", x)).get("y")).toDoubles();
  }

  /** Where every element is the mean of its channel, nothing of the error is left. */
  @ParameterizedTest
  @CsvSource({
    "2, '1.2,2.4,3.3,4.4', '1,2,3,4', 1, ',b'",
    "2, '1.2,2.4,3.3,4.4', '1,2,3,4', 1, ''",
    "1, '1.2,2.4', '1,2', 2, ',b'",
  })
  void whatRoundingAddsOnAverageIsTakenOut(
      int channels, String weights, String rounded, int groups, String bias) {
    Graph exact = GraphParser.parse(CONV.formatted(channels, weights, groups, bias, "1, 2"));
    Graph coarse = GraphParser.parse(CONV.formatted(channels, rounded, groups, bias, "1, 2"));
    Tensor constant = conv(coarse).weights().constant().orElseThrow();
    Tensor corrected = BiasCorrection.bias(conv(exact), constant, ImmutableDoubleArray.of(3, 5));
    String numbers = corrected.getDouble(0) + ", " + corrected.getDouble(1);
    Graph result = GraphParser.parse(CONV.formatted(channels, rounded, groups, ",b", numbers));
    Tensor x = Tensor.ofFloats(ImmutableLongArray.of(1, 2, 2), 3, 3, 5, 5);
    assertThat(run(coarse, x)).isNotEqualTo(run(exact, x));
    assertThat(run(result, x)).containsExactly(run(exact, x), Offset.offset(1e-5));
  }

  @Test
  void otherNumbersOfChannelsAreRefused() {
    Conv conv = conv(GraphParser.parse(CONV.formatted(1, "1, 2", 2, ",b", "1, 2")));
    Tensor weights = conv.weights().constant().orElseThrow();
    assertThatThrownBy(() -> BiasCorrection.bias(conv, weights, ImmutableDoubleArray.of(1)))
        .hasMessageContaining("1 means for 2 channels");
  }

  /** 64 channels in and out; all weights are 1 but one, which is rounded to 0. */
  private static Graph quantized(String inputs, String bias, ImmutableDoubleArray... means) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,64,2] x%s) => (float[1,64,2] y) {
              w = Constant<value=float[64,64,1] {%s, 0.003}>()
              b = Constant<value=float[64] {%s}>()
              y = Conv(x, w%s)
            }
            """
                .formatted(
                    inputs,
                    String.join(", ", Collections.nCopies(64 * 64 - 1, "1")),
                    String.join(", ", Collections.nCopies(64, "5")),
                    bias));
    CalibrationTable table =
        new CalibrationTable(
            ImmutableMap.of("x", new Range(0, 1.27, 1.27)),
            ImmutableMap.of(),
            means.length == 0 ? ImmutableMap.of() : ImmutableMap.of("x", means[0]));
    return new QuantizeGraph(ElementType.INT8, table).run(graph, PassContext.unlimited());
  }

  /** The last weight is 0.003 too small, and meets a mean of 1. */
  @Test
  void quantizedConvolutionsGetTheBias() {
    ImmutableDoubleArray zero = ImmutableDoubleArray.copyOf(new double[64]);
    ImmutableDoubleArray one = ImmutableDoubleArray.copyOf(Collections.nCopies(64, 1.0));
    assertThat(bias(quantized("", ", b", one))).isEqualTo(5.003, Offset.offset(1e-6));
    assertThat(bias(quantized("", "", one))).isEqualTo(0.003, Offset.offset(1e-6));
    assertThat(bias(quantized("", ", b", zero))).isEqualTo(5);
    assertThat(bias(quantized("", ", b"))).isEqualTo(5);
  }

  @Test
  void aBiasThatIsNotKnownStays() {
    Graph graph = quantized(", float[64] a", ", a", ImmutableDoubleArray.of(1));
    assertThat(conv(graph).weights().constant()).isEmpty();
    assertThat(conv(graph).bias()).contains(graph.inputs().get(1));
  }

  private static double bias(Graph graph) {
    return conv(graph).bias().orElseThrow().constant().orElseThrow().getDouble(63);
  }
}
