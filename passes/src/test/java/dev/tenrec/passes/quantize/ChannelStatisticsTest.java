package dev.tenrec.passes.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class ChannelStatisticsTest {
  private static final Graph CONV =
      GraphParser.parse(
          """
          g (float[N,2,L] x) => (float[N,2,L] y) {
            w = Constant<value=float[2,1,1] {1, 2}>()
            y = Conv<groups=2>(x, w)
          }
          """);

  private static ChannelStatistics observe(Tensor... samples) {
    ImmutableMap<String, ChannelStatistics> statistics =
        ChannelStatistics.observe(
            CONV, List.of(samples).stream().map(x -> Map.of("x", x)).toList(), Interpreter::of);
    return Objects.requireNonNull(statistics.get("x"));
  }

  @Test
  void statisticsAreThoseOfChannels() {
    Tensor first = Tensor.ofFloats(ImmutableLongArray.of(1, 2, 2), 1, 2, 3, 4);
    Tensor second = Tensor.ofFloats(ImmutableLongArray.of(1, 2, 2), -5, 2, 3, 2);
    ChannelStatistics seen = observe(first, second);
    assertThat(seen.samples()).isEqualTo(2);
    assertThat(seen.means()).isEqualTo(ImmutableDoubleArray.of(0, 3));
    assertThat(seen.rows())
        .isEqualTo(Tensor.ofFloats(ImmutableLongArray.of(4, 2), 1, 3, 2, 4, -5, 3, 2, 2));
  }

  /** Row n holds n: the rows that stay are multiples of 27 from everywhere. */
  @Test
  void rowsStayFew() {
    Tensor[] samples = new Tensor[70];
    for (int i = 0; i < samples.length; i++) {
      int first = 200 * i;
      samples[i] =
          Tensor.ofDoubles(
              ElementType.FLOAT32, ImmutableLongArray.of(1, 2, 200), j -> first + j % 200);
    }
    Tensor rows = observe(samples).rows();
    assertThat(rows.size(0)).isEqualTo(519);
    for (int i = 0; i < rows.size(0); i++) {
      assertThat(rows.getDouble(2L * i)).isEqualTo(27.0 * i);
    }
  }

  @Test
  void meansAreOfWhatConvolutionsReadAfterItWasDivided() {
    Map<String, ChannelStatistics> seen =
        Map.of("x", observe(Tensor.ofFloats(ImmutableLongArray.of(1, 2, 1), 6, 8)));
    assertThat(ChannelStatistics.means(CONV, seen, Map.of()))
        .containsExactly(Map.entry("x", ImmutableDoubleArray.of(6, 8)));
    assertThat(ChannelStatistics.means(CONV, seen, Map.of("x", ImmutableDoubleArray.of(2, 4))))
        .containsExactly(Map.entry("x", ImmutableDoubleArray.of(3, 2)));
    Map<String, ChannelStatistics> infinite =
        Map.of(
            "x",
            observe(Tensor.ofFloats(ImmutableLongArray.of(1, 2, 1), Float.POSITIVE_INFINITY, 8)));
    assertThat(ChannelStatistics.means(CONV, infinite, Map.of())).isEmpty();
    assertThat(ChannelStatistics.means(CONV, Map.of(), Map.of())).isEmpty();
  }
}
