package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttentionTest {
  private static final double LN_3 = Math.log(3);

  /** Two queries of size 1, both 1, over three keys, whose values are powers of ten. */
  private static double[] attend(String operation) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,1,2,1] q, float[1,1,3,1] k, float[1,1,3,1] v) => (float[1,1,2,1] y) {
              none = Constant<value=bool[1,1,2,3] {1, 0, 1, 0, 0, 0}>()
              low = Constant<value=float[2,3] {0, 0, 0, -3.4028235E38, -3.4028235E38, -3.4028235E38}>()
              inf = Constant<value=float[2,3] {0, 0, -Infinity, -Infinity, -Infinity, -Infinity}>()
              y = %s
            }
            """
                .formatted(operation));
    Tensor keys = floats(sizes(1, 1, 3, 1), 0, LN_3, 0);
    Tensor values = floats(sizes(1, 1, 3, 1), 1, 10, 100);
    Tensor queries = floats(sizes(1, 1, 2, 1), 1, 1);
    return Interpreter.of(graph)
        .run(Map.of("q", queries, "k", keys, "v", values))
        .values()
        .iterator()
        .next()
        .toDoubles();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ScaledDotProduct(q, k, v) | 26.2 | 26.2",
        "ScaledDotProduct<scale=0>(q, k, v) | 37 | 37",
        "ScaledDotProduct<causal=upper_left>(q, k, v) | 1 | 7.75",
        "ScaledDotProduct<causal=lower_right>(q, k, v) | 7.75 | 26.2",
        "ScaledDotProduct(q, k, v, none) | 50.5 | 0",
        "ScaledDotProduct<causal=upper_left>(q, k, v, none) | 1 | 0",
        "ScaledDotProduct(q, k, v, low) | 26.2 | 37",
        "ScaledDotProduct<causal=upper_left>(q, k, v, low) | 1 | 5.5",
        "ScaledDotProduct(q, k, v, inf) | 7.75 | NaN",
      })
  void byHand(String operation, double first, double second) {
    double[] results = attend(operation);
    assertClose(floats(results), floats(first, second), 1e-4, 0);
  }

  @Test
  void scoresAreCapped() {
    double weight = Math.exp(0.5 * Math.tanh(LN_3 / 0.5));
    double expected = (1 + 10 * weight + 100) / (2 + weight);
    assertThat(attend("ScaledDotProduct<soft_cap=0.5>(q, k, v)")[0])
        .isCloseTo(expected, org.assertj.core.data.Offset.offset(1e-4));
  }

  @Test
  void neighbouringHeadsShareKeys() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,4,1,1] q, float[1,2,1,1] k) => (float[1,4,1,1] y) {
              y = ScaledDotProduct(q, k, k)
            }
            """);
    Tensor queries = floats(sizes(1, 4, 1, 1), 1, 2, 3, 4);
    Tensor keys = floats(sizes(1, 2, 1, 1), 5, 6);
    assertThat(Interpreter.of(graph).run(Map.of("q", queries, "k", keys)).get("y"))
        .isEqualTo(floats(sizes(1, 4, 1, 1), 5, 5, 6, 6));
  }

  @Test
  void rotatesHalvesAndNeighbours() {
    Tensor x = floats(sizes(1, 1, 1, 5), 1, 2, 3, 4, 5);
    assertThat(rotated("RotaryEmbedding(x, cos, sin)", x))
        .isEqualTo(floats(sizes(1, 1, 1, 5), -3, 2, 1, 4, 5));
    assertThat(rotated("RotaryEmbedding<interleaved=true>(x, cos, sin)", x))
        .isEqualTo(floats(sizes(1, 1, 1, 5), -2, 1, 3, 4, 5));
  }

  /** By a quarter of a turn and by none. */
  private static Tensor rotated(String operation, Tensor x) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,1,1,5] x) => (float[1,1,1,5] y) {
              cos = Constant<value=float[2] {0, 1}>()
              sin = Constant<value=float[2] {1, 0}>()
              y = %s
            }
            """
                .formatted(operation));
    return Interpreter.of(graph).run(Map.of("x", x)).values().iterator().next();
  }

  @Test
  void operandsThatDoNotFitAreFoundWhereSizesAreOpen() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,2,S,4] q, float[1,2,T,4] k, float[1,2,U,4] v) => (float[1,2,S,4] y) {
              y = ScaledDotProduct(q, k, v)
            }
            """);
    Tensor three = Tensor.ofDoubles(ElementType.FLOAT32, sizes(1, 2, 3, 4), i -> i);
    Tensor two = Tensor.ofDoubles(ElementType.FLOAT32, sizes(1, 2, 2, 4), i -> i);
    assertThatThrownBy(() -> Interpreter.of(graph).run(Map.of("q", three, "k", three, "v", two)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("ScaledDotProduct: values");
  }
}
