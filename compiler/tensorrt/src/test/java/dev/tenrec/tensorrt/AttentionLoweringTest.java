package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Attention and rotary embedding, as layers. */
class AttentionLoweringTest {
  private static final Map<String, Long> SIZES = Map.of("B", 2L, "S", 3L, "T", 5L);

  private static Graph graph(String operation) {
    return GraphParser.parse(
        """
        g (float[B,4,S,8] q, float[B,4,T,8] k, float[B,4,T,8] v, float[B,2,T,8] k2, float[B,2,T,6] v2,
           bool[B,1,1,T] keys, float[S,T] scores, float[1,1,S,4] cos, float[B,1,S,2] part) => (float[B,4,S,?] y) {
          y = %s
        }
        """
            .formatted(operation));
  }

  private static Tensor random(Value input) {
    long[] sizes =
        input.shape().evaluate(symbol -> SIZES.getOrDefault(symbol.name(), 1L)).toArray();
    return Tensors.random(TensorType.of(input.elementType(), sizes), input.name().hashCode());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ScaledDotProduct<scale=0.5>(q, k, v)",
        "ScaledDotProduct<soft_cap=2>(q, k, v)",
        "ScaledDotProduct<causal=upper_left>(q, k, v)",
        "ScaledDotProduct<causal=lower_right>(q, k, v)",
        "ScaledDotProduct<causal=lower_right>(k, q, q)",
        "ScaledDotProduct(q, k, v, keys)",
        "ScaledDotProduct<causal=upper_left>(q, k, v, keys)",
        "ScaledDotProduct<causal=lower_right>(q, k, v, scores)",
        "ScaledDotProduct<scale=0.5>(q, k2, v2, scores)",
        "RotaryEmbedding(q, cos, cos)",
        "RotaryEmbedding(q, part, part)",
        "RotaryEmbedding<interleaved=true>(q, cos, cos)",
        "RotaryEmbedding<interleaved=true>(q, part, part)"
      })
  void computesTheSame(String operation) {
    Graph graph = graph(operation);
    Map<String, Tensor> inputs = new HashMap<>();
    graph.inputs().forEach(input -> inputs.put(input.name(), random(input)));
    LoweringCheck.check(graph, inputs);
  }

  private static String listing(TensorRtVersion version, String operation) {
    RecordedNetwork network = new RecordedNetwork(version);
    Lowering.lower(large(operation), network);
    return network.listing();
  }

  /** With heads of the size that the layer takes, and a table for each sequence. */
  private static Graph large(String operation) {
    return GraphParser.parse(
        """
        g (float[B,4,S,16] q, float[B,2,T,16] k, bool[T] keys, float[S,T] scores, float[B,1,S,4] cos) => (float[B,4,S,16] y) {
          y = %s
        }
        """
            .formatted(operation));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ScaledDotProduct<scale=0.5>(q, k, k)",
        "ScaledDotProduct<causal=upper_left>(q, k, k)",
        "ScaledDotProduct(q, k, k, keys)",
        "RotaryEmbedding(q, cos, cos)",
        "RotaryEmbedding<interleaved=true>(q, cos, cos)"
      })
  void newVersionsHaveLayers(String operation) {
    assertThat(listing(TensorRtVersion.NEWEST, operation)).containsAnyOf("Attention[", "Rotary");
    assertThat(listing(TensorRtVersion.OLDEST, operation)).doesNotContain("Attention[", "Rotary");
    Graph graph = large(operation);
    Map<String, Tensor> inputs = new HashMap<>();
    graph.inputs().forEach(input -> inputs.put(input.name(), random(input)));
    LoweringCheck.check(graph, inputs);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ScaledDotProduct<soft_cap=2>(q, k, k)",
        "ScaledDotProduct<causal=lower_right>(q, k, k)",
        "ScaledDotProduct<causal=upper_left>(q, k, k, keys)",
        "ScaledDotProduct(q, k, k, scores)"
      })
  void whatTheLayerDoesNotDoIsDecomposed(String operation) {
    assertThat(listing(TensorRtVersion.NEWEST, operation)).doesNotContain("Attention[");
  }

  @Test
  void oldVersionsGetTheProductsSumAndSoftmaxThatTheyMakeOneKernelOf() {
    RecordedNetwork network = new RecordedNetwork(TensorRtVersion.OLDEST);
    Lowering.lower(graph("ScaledDotProduct<scale=0.5>(q, k, v, scores)"), network);
    assertThat(
            network
                .listing()
                .lines()
                .filter(line -> line.contains("["))
                .map(line -> line.replaceAll(".* = (\\w+)\\[.*", "$1")))
        .endsWith(
            "ElementWise", "MatrixMultiply", "Shuffle", "ElementWise", "SoftMax", "MatrixMultiply");
  }
}
