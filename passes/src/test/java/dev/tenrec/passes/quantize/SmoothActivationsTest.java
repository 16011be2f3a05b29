package dev.tenrec.passes.quantize;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.check.RandomInputs;
import dev.tenrec.passes.testing.Equivalence;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmoothActivationsTest {
  /** The last of four channels is a hundred times as large as the others. */
  private static SmoothActivations smooth(String value) {
    ImmutableDoubleArray maxima = ImmutableDoubleArray.of(1, 1, 1, 100);
    ImmutableDoubleArray means = ImmutableDoubleArray.of(0, 0, 0, 0);
    ImmutableDoubleArray squares = ImmutableDoubleArray.of(0.2, 0.2, 0.2, 2000);
    return new SmoothActivations(
        ImmutableMap.of(value, new ChannelStatistics(maxima, means, squares)));
  }

  private static String graph(String operations, String outputs) {
    return """
    g (float[N,4] x) => (%s) {
      c = Constant<value=float[4] {1, 2, 3, 4}>()
      d = Constant<value=float[4] {0.1, 0.2, 0.3, 0.4}>()
      w = Constant<value=float[4,4] {1, -2, 3, 4, 4, 3, -2, 1, 2, 2, 1, 1, 3, 1, 4, -2}>()
    %s}
    """
        .formatted(outputs, operations.indent(2));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)\ny = MatMul(h, w)",
        "h = RmsNorm<axis=1, epsilon=1e-5>(x, c)\ny = MatMul<transpose_b=true>(h, w)",
        "h = MatMul(x, w)\ny = MatMul(h, w)",
        "u = MatMul<transpose_b=true>(x, w)\ne = Sigmoid(x)\nh = Mul(e, u)\ny = MatMul(h, w)",
      })
  void whatIsLargeMovesIntoTheWeights(String operations) {
    Graph graph = GraphParser.parse(graph(operations, "float[N,4] y"));
    Graph smooth = smooth("h").run(graph, PassContext.unlimited());
    assertThat(smooth).isNotEqualTo(graph);
    new Equivalence(1e-5, 4).check(graph, smooth, RandomInputs.PLAIN);
  }

  /** The channel that is too large gets smaller, and by more than the others. */
  @Test
  void factorsFollowTheChannels() {
    String operations = "h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)\ny = MatMul(h, w)";
    Graph graph = GraphParser.parse(graph(operations, "float[N,4] y"));
    Graph smooth = smooth("h").run(graph, PassContext.unlimited());
    Tensor scale =
        smooth.nodes().stream()
            .flatMap(node ->
                node.op() instanceof LayerNorm norm ? norm.scale().constant().stream() : null)
            .findFirst()
            .orElseThrow();
    assertThat(scale.getDouble(3) / 4).isLessThan(0.3 * scale.getDouble(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Nothing takes a factor.
        "h = Exp(x)\ny = MatMul(h, w)\nz = Exp(y)",
        // Somebody else reads it.
        "h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)\ny = MatMul(h, w)\nz = Exp(h)",
        // The weights are not known.
        """
        h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)
        v = Reshape(x, x4)
        y = MatMul(h, v)
        z = Exp(y)\
        """,
      })
  void othersStay(String operations) {
    String text = graph(operations, "float[4,4] y, float[4,4] z").replace("[N,4] x", "[4,4] x");
    rule(smooth("h"))
        .given(text.replace("  c =", "  x4 = Constant<value=int64[2] {4, 4}>()\n  c ="))
        .isUnchanged();
  }

  @Test
  void whatWasNotSeenStays() {
    rule(smooth("other"))
        .given(
            graph("h = LayerNorm<axis=1, epsilon=1e-5>(x, c, d)\ny = MatMul(h, w)", "float[N,4] y"))
        .isUnchanged();
  }
}
