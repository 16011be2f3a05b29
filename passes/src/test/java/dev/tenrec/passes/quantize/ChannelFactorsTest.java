package dev.tenrec.passes.quantize;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.calibration.Calibrator;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class ChannelFactorsTest {
  private static final int CHANNELS = 32;
  private static final String WEIGHTS =
      new Random(2)
          .doubles(CHANNELS * CHANNELS, -1, 1)
          .mapToObj(Double::toString)
          .collect(Collectors.joining(", "));

  private static final Graph PRODUCT =
      GraphParser.parse(
          """
          g (float[N,32] x) => (float[N,32] y) {
            c = Constant<value=float[32] {%s}>()
            h = RmsNorm<axis=1, epsilon=1e-5>(x, c)
            w = Constant<value=float[32,32] {%s}>()
            y = MatMul(h, w)
          }
          """
              .formatted(String.join(", ", Collections.nCopies(CHANNELS, "1")), WEIGHTS));

  private static final Graph CONVOLUTIONS =
      GraphParser.parse(
          """
          g (float[N,32,3] x) => (float[N,32,3] y) {
            w = Constant<value=float[32,32,1] {%s}>()
            h = Conv<activation=relu>(x, w)
            y = Conv(h, w)
          }
          """
              .formatted(WEIGHTS));

  /** Normal numbers; those of the last channel so many times larger. */
  private static Map<String, ChannelStatistics> seen(int samples, int rows, double larger) {
    Random random = new Random(1);
    Tensor tensor =
        Tensor.ofDoubles(
            ElementType.FLOAT32,
            ImmutableLongArray.of(rows, CHANNELS),
            i -> random.nextGaussian() * (i % CHANNELS == 0 ? larger : 1));
    return Map.of("h", new ChannelStatistics(samples, ImmutableDoubleArray.of(), tensor));
  }

  private static ImmutableMap<String, ImmutableDoubleArray> find(
      ElementType type, Remedy remedy, Graph graph, Map<String, ChannelStatistics> seen) {
    return new ChannelFactors(new Calibrator.MinMax(), type, ImmutableSet.of(remedy))
        .of(graph, seen);
  }

  @ParameterizedTest
  @EnumSource(names = {"SMOOTH", "EQUALIZE"})
  void whatIsLargeIsDivided(Remedy remedy) {
    Graph graph = remedy == Remedy.SMOOTH ? PRODUCT : CONVOLUTIONS;
    ImmutableDoubleArray found = find(ElementType.INT8, remedy, graph, seen(16, 200, 30)).get("h");
    assertThat(found).isNotNull();
    assertThat(found.get(0)).isGreaterThan(3 * found.get(1));
  }

  /** Alike channels, too few rows or samples, another remedy. */
  @ParameterizedTest
  @CsvSource({
    "INT8, SMOOTH, 16, 200, 1",
    "INT8, SMOOTH, 16, 60, 30",
    "INT8, SMOOTH, 15, 200, 30",
    "INT8, EQUALIZE, 16, 200, 30",
    "INT8, CORRECT_BIASES, 16, 200, 30",
  })
  void othersStay(ElementType type, Remedy remedy, int samples, int rows, double larger) {
    assertThat(find(type, remedy, PRODUCT, seen(samples, rows, larger))).isEmpty();
  }

  @Test
  void whatWasNotSeenOrIsNotFiniteStays() {
    assertThat(find(ElementType.INT8, Remedy.SMOOTH, PRODUCT, Map.of())).isEmpty();
    assertThat(find(ElementType.INT8, Remedy.SMOOTH, PRODUCT, seen(16, 200, Double.NaN))).isEmpty();
    assertThat(find(ElementType.INT8, Remedy.SMOOTH, PRODUCT, seen(16, 200, 1e300))).isEmpty();
  }
}
