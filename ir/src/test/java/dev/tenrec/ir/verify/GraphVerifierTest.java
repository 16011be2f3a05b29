package dev.tenrec.ir.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import org.junit.jupiter.api.Test;

class GraphVerifierTest {
  private static final Graph VALID =
      GraphParser.parse(
          """
          g (float[N,4] x) => (float[N,4] y) {
            s = Sizes<dims=[N,4]>()
            a = Neg(x)
            b = Reshape(a, s)
            y = Exp(b)
          }
          """);

  private static String firstViolation(Graph graph) {
    return GraphVerifier.WELL_FORMED.violations(graph).getFirst().toString();
  }

  private static Graph withNodes(ImmutableList<Node> nodes) {
    return new Graph(VALID.name(), VALID.inputs(), nodes, VALID.outputs());
  }

  @Test
  void acceptsWhatIsWellFormed() {
    assertThat(GraphVerifier.WELL_FORMED.violations(VALID)).isEmpty();
  }

  @Test
  void findsNodesOutOfOrder() {
    assertThat(firstViolation(withNodes(VALID.nodes().reverse())))
        .contains("is not defined")
        .contains("values are defined, once, before they are read");
  }

  @Test
  void findsNodesThatOccurTwice() {
    ImmutableList<Node> twice =
        ImmutableList.<Node>builder().addAll(VALID.nodes()).add(VALID.nodes().get(1)).build();
    assertThat(firstViolation(withNodes(twice))).contains("a: float[N,4] is defined twice");
  }

  @Test
  void findsMissingOutputs() {
    assertThat(firstViolation(withNodes(VALID.nodes().subList(0, 3))))
        .contains("output 'y' is not defined");
  }

  @Test
  void findsSymbolsWithoutValue() {
    Graph graph = GraphParser.parse("g (float[N] x) => (int64[1] s) { s = Sizes<dims=[M]>() }");
    assertThatThrownBy(() -> GraphVerifier.WELL_FORMED.verify(graph))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("symbol 'M' has no value");
  }

  @Test
  void findsRepeatedNames() {
    Graph graph =
        new Graph(
            "g",
            ImmutableList.of(VALID.inputs().getFirst(), VALID.inputs().getFirst()),
            VALID.nodes(),
            VALID.outputs());
    assertThat(firstViolation(graph)).contains("several inputs are named 'x'");
  }

  @Test
  void looksIntoNestedGraphs() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[3,2] xs, float[2] start) => (float[2] last) {
              last = Scan<states=1, sequences=1, body=b (float[2] s, float[2] x) => (float[2] n) {
                n = Add(s, x)
                bad = Sizes<dims=[Q]>()
              }>(start, xs)
            }
            """);
    assertThat(firstViolation(graph)).contains("symbol 'Q'");
  }
}
