package dev.tenrec.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What attention takes, what it refuses, and how it is written. */
class AttentionTypesTest {
  private static Graph graph(String operation) {
    return GraphParser.parse(
        """
        g (float[B,4,S,8] q, float[B,2,T,8] k, float[B,2,T,6] v, float[B,3,T,8] k3, float[B,2,T,7] k7,
           float16[B,2,T,8] half, float[2,T,8] flat, bool[B,1,1,T] keys, float16[B,4,S,T] scores,
           int64[T] ints, bool[B,2,S,T] heads, bool[1,1,1,1,T] deep, float[S,2] cos, float[1,S,4] cos4,
           float[S,5] cos5, float[S,P] open, float[S,1] one, int64[B,4,S,8] qi) => (float[B,4,S,6] y) {
          y = %s
        }
        """
            .formatted(operation));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ScaledDotProduct(q, k, v)",
        "ScaledDotProduct<scale=0.125, soft_cap=50.0, causal=lower_right>(q, k, v)",
        "ScaledDotProduct<causal=upper_left>(q, k, v, keys)",
        "ScaledDotProduct(q, k, v, scores)",
      })
  void takesAndPrints(String operation) {
    Graph graph = graph(operation);
    assertThat(graph.outputs().getFirst().value().type()).hasToString("float[B,4,S,6]");
    assertThat(GraphPrinter.print(graph)).contains("y = " + operation);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RotaryEmbedding(q, cos, cos)",
        "RotaryEmbedding<interleaved=true>(q, cos4, cos4)",
      })
  void rotatesAndPrints(String operation) {
    Graph graph = graph(operation);
    assertThat(graph.outputs().getFirst().value().type()).hasToString("float[B,4,S,8]");
    assertThat(GraphPrinter.print(graph)).contains("y = " + operation);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ScaledDotProduct(q, half, half) | different element types",
        "ScaledDotProduct(qi, qi, qi) | is not floating-point",
        "ScaledDotProduct(q, flat, flat) | does not have rank 4",
        "ScaledDotProduct(q, k7, v) | do not fit",
        "ScaledDotProduct(q, k, k3) | do not fit",
        "ScaledDotProduct(q, k3, k3) | cannot share",
        "ScaledDotProduct(q, k, v, ints) | is neither boolean nor floating-point",
        "ScaledDotProduct(q, k, v, heads) | does not broadcast",
        "ScaledDotProduct(q, k, v, deep) | does not broadcast",
        "ScaledDotProduct<soft_cap=-1>(q, k, v) | a soft cap of -1.0",
        "RotaryEmbedding(qi, cos, cos) | is not floating-point",
        "RotaryEmbedding(q, cos5, cos5) | has less than 5 pairs",
        "RotaryEmbedding(q, cos, cos4) | does not broadcast",
        "RotaryEmbedding(q, cos, one) | differ",
        "RotaryEmbedding(q, open, open) | the number of pairs",
      })
  void refuses(String operation, String problem) {
    assertThatThrownBy(() -> graph(operation))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_TYPE))
        .hasMessageContaining(problem);
  }
}
