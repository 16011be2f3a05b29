package dev.tenrec.compiler.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import java.util.List;
import org.junit.jupiter.api.Test;

class ValueNumbersTest {
  private final ValueNumbers numbers = new ValueNumbers();

  /** The names under which the lines of a graph are followed. */
  private List<String> enter(Graph graph) {
    ImmutableList<Row> rows = Row.of(graph);
    numbers.enter(rows);
    return rows.stream().map(row -> numbers.names().get(numbers.of(row))).toList();
  }

  private List<String> enter(String body) {
    return enter(GraphParser.parse("g (float[2] x) => (float[2] y) {" + body + "}"));
  }

  @Test
  void valuesGoOnUnderTheirNames() {
    assertThat(enter("a = Exp(x) y = Neg(a)")).containsExactly("x", "a", "y", "y");
    assertThat(enter("y = Neg(x)")).containsExactly("x", "y", "y");
    assertThat(numbers.names()).containsExactly("x", "a", "y", "y");
    enter("a = Log(x) y = Neg(a)");
    assertThat(numbers.names()).as("what came back is new").hasSize(5).endsWith("a~2");
  }

  @Test
  void valuesThatStayKeepTheirNumbers() {
    Graph graph = GraphParser.parse("g (float[2] x) => (float[2] y) { a = Exp(x) y = Neg(a) }");
    enter(graph);
    enter(graph);
    assertThat(numbers.names()).hasSize(4);
    assertThat(numbers.find(graph.nodes().getFirst().result())).contains(1);
    assertThat(numbers.find("y")).contains(2);
    assertThat(numbers.find("nothing")).isEmpty();
  }

  @Test
  void namesInsideOfOperationsAreTheirOwn() {
    String graph =
        """
        g (bool c, float[1] x) => (float[1] y) {
          y = If<then=yes (float[1] x) => (float[1] y) { y = Exp(x) },
                 else=no (float[1] x) => (float[1] y) { y = Neg(x) }>(c, x)
        }
        """;
    List<String> first = enter(GraphParser.parse(graph));
    assertThat(first).containsExactly("c", "x", "y", "x~2", "y~2", "y", "x~3", "y~3", "y", "y");
    assertThat(enter(GraphParser.parse(graph.replace("Exp", "Log")))).isEqualTo(first);
  }
}
