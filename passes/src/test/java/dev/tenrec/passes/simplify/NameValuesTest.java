package dev.tenrec.passes.simplify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class NameValuesTest {
  private static Graph named(Graph graph) {
    return new NameValues().run(graph, PassContext.unlimited());
  }

  /** Exponentials of each other under some names. */
  private static Graph exponentials(String output, String... names) {
    GraphBuilder builder = new GraphBuilder("g");
    Value last = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
    for (String name : names) {
      last = builder.add(Node.of(exponential(last), Location.UNKNOWN, List.of(name))).result();
    }
    builder.output(output, last);
    return builder.build();
  }

  private static Op exponential(Value value) {
    return new Unary(UnaryKind.EXP, value);
  }

  private static List<String> names(Graph graph) {
    return graph.nodes().stream().flatMap(node -> node.names().stream()).toList();
  }

  @Test
  void namesWhatHasNoName() {
    Graph graph = exponentials("y", "", "a", "", "");
    assertThat(names(named(graph))).containsExactly("v0", "a", "v1", "y");
    assertThat(GraphPrinter.print(named(graph))).isEqualTo(GraphPrinter.print(graph));
  }

  @Test
  void leavesTheNamesThatValuesHave() {
    Graph graph = exponentials("y", "v1", "a", "own");
    assertThat(named(graph)).isSameAs(graph);
    assertThat(names(named(exponentials("y", "", "v0", "x", "own"))))
        .containsExactly("v1", "v0", "v2", "own");
  }

  @Test
  void namesApartWhatHasTheSameName() {
    assertThat(names(named(exponentials("y", "a", "a", "y", "own", "own"))))
        .containsExactly("a", "v0", "v1", "v2", "own");
  }

  /** Ranges are found by names when operations have come between those that were calibrated. */
  @Test
  void namesStayWhenOthersCome() {
    Graph graph = named(exponentials("y", "", "", ""));
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    for (Node node : graph.nodes()) {
      Node now = rebuilder.keep(node);
      rebuilder.replace(node.result(), Terms.add(now.result(), 1.0));
    }
    Graph longer = rebuilder.build();
    ValueNames names = ValueNames.of(longer);
    assertThat(longer.nodes().stream().filter(node -> node.op() instanceof Unary))
        .extracting(node -> names.of(node.result()))
        .startsWith("v0", "v1");
  }
}
