package dev.tenrec.passes.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.quantize.QuantizationPlan.Decision;
import java.util.Arrays;
import java.util.Collections;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which products are computed in 8 bits, and why the others are not. */
class GainTest {
  private static String weights(String name, int... sizes) {
    int count = IntStream.of(sizes).reduce(1, (a, b) -> a * b);
    return "%s = Constant<value=float%s {%s}>()\n"
        .formatted(
            name, Arrays.toString(sizes), String.join(", ", Collections.nCopies(count, "1")));
  }

  /** The names of values in float whose products could be in 8 bits, each with the reason. */
  private static ImmutableMap<String, String> left(ElementType type, String graph) {
    ImmutableMap<String, Range> ranges =
        "xabcdeqkvs"
            .chars()
            .mapToObj(Character::toString)
            .collect(ImmutableMap.toImmutableMap(name -> name, _ -> new Range(-1, 1, 1)));
    return new QuantizeGraph(type, new CalibrationTable(ranges))
        .plan(GraphParser.parse(graph)).rows().stream()
            .filter(row -> row.decision() instanceof Decision.Floating)
            .collect(ImmutableMap.toImmutableMap(QuantizationPlan.Row::name, row -> row.reason()));
  }

  private static ImmutableMap<String, String> left(String graph) {
    return left(ElementType.INT8, graph);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "64 | 32 | 1 | 3 | 1 | ",
        "64 | 64 | 2 | 3 | 1 | ",
        "64 | 32 | 2 | 3 | 1 | groups of 16 channels have no right kernel",
        "32 | 64 | 2 | 3 | 1 | groups of 16 channels have no right kernel",
        "66 | 66 | 2 | 3 | 1 | 66 channels in 2 groups are too small",
        "64 | 64 | 2 | 1 | 1 | 64 channels in 2 groups are too small",
        "64 | 64 | 64 | 3 | 1 | a depthwise convolution waits for memory",
        "64 | 3 | 1 | 4 | 4 | patches of 3 channels have no fast kernel",
        "64 | 8 | 1 | 3 | 2 | ",
        "64 | 8 | 1 | 1 | 1 | ",
        "64 | 16 | 1 | 4 | 4 | ",
      })
  void convolutions(int out, int in, int groups, int kernel, int stride, String reason) {
    String graph =
        """
        g (float[N,%d,16,16] x) => (float[N,%d,H,W] y) {
          %s
          y = Conv<strides=[%d,%d], groups=%d>(x, w)
        }
        """
            .formatted(
                in, out, weights("w", out, in / groups, kernel, kernel), stride, stride, groups);
    assertThat(left(graph))
        .isEqualTo(reason == null ? ImmutableMap.of() : ImmutableMap.of("y", reason));
  }

  @Test
  void transposedConvolutions() {
    String graph =
        """
        g (float[N,32,4,4] x) => (float[N,32,8,8] y) {
          %s
          y = ConvTranspose<strides=[2,2]>(x, w)
        }
        """
            .formatted(weights("w", 32, 32, 2, 2));
    assertThat(left(graph)).containsOnlyKeys("y");
  }

  /** A convolution with an activation, then another, or something in float. */
  private static String curve(String activation, String reader) {
    return """
    g (float[N,16,4,4] x) => (float[N,16,4,4] y) {
      %s%s
      a = Conv<activation=%s>(x, w)
      %s
    }
    """
        .formatted(weights("w", 16, 16, 1, 1), weights("d", 16, 1, 1, 1), activation, reader);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "hard_swish | y = Conv(a, w) | ",
        "hard_swish | b = Transpose<permutation=[0,1,3,2]>(a) y = Conv(b, w) | ",
        "relu | y = Tanh(a) | ",
        "hard_swish | y = Tanh(a) | a",
        "hard_swish | b = Conv(a, w) c = Tanh(a) y = Add(b, c) | a",
      })
  void curvesReadInFloat(String activation, String reader, String expected) {
    assertThat(left(curve(activation, reader)).keySet())
        .isEqualTo(expected == null ? java.util.Set.of() : java.util.Set.of(expected));
  }

  /** One convolution that stays in float leaves the curve in front of it, and so on. */
  @Test
  void curvesReadByCurvesReadInFloat() {
    String two = "b = Conv<activation=hard_swish>(a, w) y = Tanh(b)";
    assertThat(left(curve("hard_swish", two)).keySet()).containsExactlyInAnyOrder("a", "b");
    assertThat(left(ElementType.FLOAT8E4M3FN, curve("hard_swish", two))).isEmpty();
  }

  @Test
  void reasonsAreTold() {
    assertThat(
            left(curve("hard_swish", "y = Tanh(a)")).values().stream()
                .collect(Collectors.joining()))
        .isEqualTo("what its activation gives is not read in 8 bits");
  }
}
