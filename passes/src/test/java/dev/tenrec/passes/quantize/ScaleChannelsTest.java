package dev.tenrec.passes.quantize;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.check.RandomInputs;
import dev.tenrec.passes.testing.Equivalence;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScaleChannelsTest {
  private static ScaleChannels divide(String value, double... factors) {
    return new ScaleChannels(ImmutableMap.of(value, ImmutableDoubleArray.copyOf(factors)));
  }

  private static String graph(String operations, String outputs) {
    return """
    g (float[4,4] x) => (%s) {
      c = Constant<value=float[4] {1, 2, 3, 4}>()
      d = Constant<value=float[4] {0.1, 0.2, 0.3, 0.4}>()
      s = Constant<value=int64[2] {4, 4}>()
      w = Constant<value=float[4,4] {1, -2, 3, 4, 4, 3, -2, 1, 2, 2, 1, 1, 3, 1, 4, -2}>()
    %s}
    """
        .formatted(outputs, operations.indent(2));
  }

  @Test
  void convolutionsTakeFactorsOnBothSides() {
    rule(divide("a", 2, 0.5))
        .given(
            """
            g (float[N,1,3] x) => (float[N,1,3] y) {
              w = Constant<value=float[2,1,1] {4, -1}>()
              b = Constant<value=float[2] {2, 3}>()
              a = Conv<activation=relu>(x, w, b)
              v = Constant<value=float[1,2,1] {1, -9}>()
              y = Conv(a, v)
            }
            """)
        .becomes(
            """
            g (float[N,1,3] x) => (float[N,1,3] y) {
              w = Constant<value=float[2,1,1] {2, -2}>()
              b = Constant<value=float[2] {1, 6}>()
              a = Conv<activation=relu>(x, w, b)
              v = Constant<value=float[1,2,1] {2, -4.5}>()
              y = Conv(a, v)
            }
            """);
  }

  @Test
  void depthwiseConvolutionsHaveTheirChannelsInFront() {
    rule(divide("a", 2, 0.5))
        .given(
            """
            g (float[N,1,3] x) => (float[N,2,3] y) {
              w = Constant<value=float[2,1,1] {4, -1}>()
              a = Conv(x, w)
              v = Constant<value=float[2,1,1] {1, -9}>()
              y = Conv<groups=2>(a, v)
            }
            """)
        .becomes(
            """
            g (float[N,1,3] x) => (float[N,2,3] y) {
              w = Constant<value=float[2,1,1] {2, -2}>()
              a = Conv(x, w)
              v = Constant<value=float[2,1,1] {2, -4.5}>()
              y = Conv<groups=2>(a, v)
            }
            """);
  }

  /** All that gives h is proportional to constants, and who else reads these keeps them. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)\ny = MatMul(h, w)\nz = Mul(x, c)",
        "h = RmsNorm<axis=1, epsilon=1e-5>(x, c)\ny = MatMul<transpose_b=true>(h, w)\nz = Exp(x)",
        "h = MatMul(x, w)\ny = MatMul(h, w)\nz = MatMul(h, w)",
        """
        u = MatMul<transpose_b=true>(x, w)
        e = Sigmoid(x)
        h = Mul(e, u)
        y = MatMul(h, w)
        z = Exp(x)\
        """,
      })
  void productsTakeFactorsOnBothSides(String operations) {
    Graph graph = GraphParser.parse(graph(operations, "float[4,4] y, float[4,4] z"));
    Graph divided = divide("h", 2, 0.5, 4, 3).run(graph, PassContext.unlimited());
    assertThat(divided).isNotEqualTo(graph);
    new Equivalence(1e-5, 4).check(graph, divided, RandomInputs.PLAIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Nothing takes a factor.
        "h = Exp(x)\ny = MatMul(h, w)\nz = Exp(y)",
        // Somebody else reads it.
        "h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)\ny = MatMul(h, w)\nz = Exp(h)",
        // It is what weights are multiplied with from the other side.
        "h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)\ny = MatMul(w, h)\nz = Exp(y)",
        """
        h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)
        y = MatMul<transpose_a=true>(h, w)
        z = Exp(y)\
        """,
        // It is an output.
        "z = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)\nh = Exp(x)\ny = MatMul(z, w)",
        // The weights are not known.
        """
        h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)
        v = Reshape(x, s)
        y = MatMul(h, v)
        z = Exp(y)\
        """,
      })
  void otherValuesHaveNoFactors(String operations) {
    Graph graph = GraphParser.parse(graph(operations, "float[4,4] y, float[4,4] z"));
    assertThat(Seam.of(graph)).isEmpty();
    assertThatThrownBy(() -> divide("h", 1, 1, 1, 1).run(graph, PassContext.unlimited()))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("the channels of 'h' cannot have factors");
  }

  /** Sigmoid, a second reader that is no convolution, and groups. */
  @ParameterizedTest
  @CsvSource({
    "'<activation=sigmoid>', 'y = Conv(a, v)', Exp(y)",
    "'', 'y = Conv(a, v)', Exp(a)",
    "'', 'y = Conv<groups=2>(a, v)', Exp(y)",
  })
  void otherConvolutionsHaveNoFactors(String activation, String second, String other) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,4,3] x) => (float[1,4,3] z) {
              w = Constant<value=float[4,4,1] {1, 2, 3, 4, 4, 3, 2, 1, 2, 2, 1, 1, 3, 1, 4, 2}>()
              v = Constant<value=float[4,%d,1] {%s}>()
              a = Conv%s(x, w)
              %s
              z = %s
            }
            """
                .formatted(
                    second.contains("groups") ? 2 : 4,
                    second.contains("groups")
                        ? "1, 2, 3, 4, 4, 3, 2, 1"
                        : "1, 2, 3, 4, 4, 3, 2, 1, 2, 2, 1, 1, 3, 1, 4, 2",
                    activation,
                    second,
                    other));
    assertThat(Seam.of(graph)).isEmpty();
  }

  @Test
  void otherNumbersOfChannelsAreRefused() {
    Graph graph =
        GraphParser.parse(
            graph("h = RmsNorm<axis=1, epsilon=1e-5>(x, c)\ny = MatMul(h, w)", "float[4,4] y"));
    assertThatThrownBy(() -> divide("h", 1, 1).run(graph, PassContext.unlimited()))
        .hasMessageContaining("2 factors for the 4 channels of 'h'");
    assertThat(new ScaleChannels(ImmutableMap.of()).run(graph, PassContext.unlimited()))
        .isSameAs(graph);
  }

  @Test
  void wholeNumbersHaveNoFactors() {
    Graph graph =
        GraphParser.parse(
            """
            g (int32[4,2] x) => (int32[4,2] y) {
              w = Constant<value=int32[2,2] {1, 2, 3, 4}>()
              h = MatMul(x, w)
              y = MatMul(h, w)
            }
            """);
    assertThat(Seam.of(graph)).isEmpty();
  }

  /** The constant c is read twice, so that another one comes beside it. */
  @Test
  void valuesKeepTheirNames() {
    Graph graph =
        GraphParser.parse(
            graph(
                """
                h = RmsNorm<axis=1, epsilon=1e-5>(x, c)
                v7 = Mul(x, c)
                y = MatMul(h, w)
                """,
                "float[4,4] y, float[4,4] v7"));
    Graph divided = divide("h", 2, 0.5, 4, 3).run(graph, PassContext.unlimited());
    assertThat(names(divided)).containsAll(names(graph)).hasSize(names(graph).size() + 1);
  }

  private static List<String> names(Graph graph) {
    ValueNames names = ValueNames.of(graph);
    return graph.nodes().stream().map(node -> names.of(node.result())).toList();
  }
}
