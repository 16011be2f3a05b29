package dev.tenrec.passes.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.PassContext;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CorrectBiasesTest {
  private static final String EXACT =
      """
      g (float[1,2,2] x) => (float[1,2,2] y) {
        w = Constant<value=float[2,%1$d,1] {%2$s}>()
        b = Constant<value=float[2] {1, 2}>()
        y = Conv<groups=%3$d>(x, w%4$s)
      }
      """;

  private static final String QUANTIZED =
      """
      g (float[1,2,2] x) => (float[1,2,2] y) {
        s = Constant<value=float {1}>()
        i = Constant<value=int8[2,%1$d,1] {%2$s}>()
        w = Dequantize<to=float>(i, s)
        b = Constant<value=float[2] {1, 2}>()
        y = Conv<groups=%3$d>(x, w%4$s)
      }
      """;

  private static double[] run(Graph graph) {
    Tensor x = Tensor.ofFloats(ImmutableLongArray.of(1, 2, 2), 3, 3, 5, 5);
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
    Graph exact = GraphParser.parse(EXACT.formatted(channels, weights, groups, bias));
    Graph quantized = GraphParser.parse(QUANTIZED.formatted(channels, rounded, groups, bias));
    ImmutableMap<String, ChannelStatistics> statistics =
        ChannelStatistics.observe(
            exact,
            List.of(Map.of("x", Tensor.ofFloats(ImmutableLongArray.of(1, 2, 2), 2, 4, 4, 6))),
            Interpreter::of);
    Graph corrected = new CorrectBiases(exact, statistics).run(quantized, PassContext.unlimited());
    assertThat(run(quantized)).isNotEqualTo(run(exact));
    assertThat(run(corrected)).containsExactly(run(exact), Offset.offset(1e-5));
  }

  @Test
  void whatWasNotSeenStays() {
    Graph exact = GraphParser.parse(EXACT.formatted(1, "1.2,2.4", 2, ",b"));
    Graph quantized = GraphParser.parse(QUANTIZED.formatted(1, "1,2", 2, ",b"));
    CorrectBiases pass = new CorrectBiases(exact, ImmutableMap.of());
    assertThat(pass.run(quantized, PassContext.unlimited())).isSameAs(quantized);
  }

  @Test
  void statisticsAreThoseOfChannels() {
    Graph exact = GraphParser.parse(EXACT.formatted(1, "1.2,2.4", 2, ",b"));
    Tensor first = Tensor.ofFloats(ImmutableLongArray.of(1, 2, 2), 1, 2, 3, 4);
    Tensor second = Tensor.ofFloats(ImmutableLongArray.of(1, 2, 2), -5, 2, 3, 2);
    ImmutableMap<String, ChannelStatistics> statistics =
        ChannelStatistics.observe(
            exact, List.of(Map.of("x", first), Map.of("x", second)), Interpreter::of);
    assertThat(statistics)
        .isEqualTo(
            ImmutableMap.of(
                "x",
                new ChannelStatistics(
                    ImmutableDoubleArray.of(5, 4),
                    ImmutableDoubleArray.of(0, 3),
                    ImmutableDoubleArray.of(34 / 4.0, 38 / 4.0))));
  }
}
