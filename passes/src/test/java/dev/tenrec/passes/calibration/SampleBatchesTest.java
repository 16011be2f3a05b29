package dev.tenrec.passes.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class SampleBatchesTest {
  private static final Graph DYNAMIC =
      GraphParser.parse(
          """
          g (float[N,2] x, float[] gain) => (float[N,2] y) {
            y = Mul(x, gain)
          }
          """);
  private static final Graph FIXED =
      GraphParser.parse(
          """
          g (float[3,2] x) => (float[3,2] y) {
            y = Relu(x)
          }
          """);

  private static Tensor rows(int first, int count) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32, ImmutableLongArray.of(count, 2), i -> 2 * first + i);
  }

  private static ImmutableMap<String, Tensor> sample(int first, int count, double gain) {
    return ImmutableMap.of(
        "x", rows(first, count), "gain", Tensor.scalar(ElementType.FLOAT32, gain));
  }

  private static List<Tensor> batches(Graph graph, List<? extends Map<String, Tensor>> samples) {
    return ImmutableList.copyOf(new SampleBatches(graph, samples)).stream()
        .map(batch -> batch.get("x"))
        .toList();
  }

  @Test
  void joinsNeighboursWithTheSameOtherInputs() {
    assertThat(batches(DYNAMIC, List.of(sample(0, 3, 1), sample(3, 2, 1), sample(5, 1, 2))))
        .containsExactly(rows(0, 4), rows(4, 1), rows(5, 1));
  }

  @Test
  void fillsBatchesWhoseSizeIsFixed() {
    List<Map<String, Tensor>> samples = new ArrayList<>();
    samples.add(Map.of("x", rows(0, 1), "label", rows(0, 0)));
    samples.add(Map.of("x", rows(1, 3)));
    Tensor last = Tensor.ofFloats(ImmutableLongArray.of(3, 2), 6, 7, 6, 7, 6, 7);
    assertThat(batches(FIXED, samples)).containsExactly(rows(0, 3), last);
  }

  @Test
  void emptyBatchesHoldNothing() {
    assertThat(batches(FIXED, List.of(Map.of("x", rows(0, 0))))).isEmpty();
    assertThat(batches(FIXED, List.of())).isEmpty();
  }

  @Test
  void namesAnInputThatIsMissing() {
    assertThatThrownBy(() -> batches(FIXED, List.of(Map.of("image", rows(0, 1)))))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("lack input 'x'; they have [image]");
  }

  @Test
  void refusesWhatHoldsNoSamples() {
    assertThatThrownBy(
            () -> batches(FIXED, List.of(Map.of("x", Tensor.scalar(ElementType.FLOAT32, 1)))))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("input 'x' is float[]");
    Graph two =
        GraphParser.parse(
            """
            g (float[N,2] x, float[N,2] z) => (float[N,2] y) {
              y = Add(x, z)
            }
            """);
    assertThatThrownBy(() -> batches(two, List.of(Map.of("x", rows(0, 1), "z", rows(0, 2)))))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("not 1 samples");
  }
}
