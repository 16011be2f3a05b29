package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import java.util.Optional;

/**
 * A line in the listing of a graph: an input, an operation, or an output. The lines of a graph
 * inside of an operation follow that operation.
 *
 * @param scope which graph inside of which operations, empty outside
 * @param depth how many operations it is inside of
 * @param label the name of an output, empty for others
 * @param node the operation, if it is one
 */
record Row(
    String scope,
    int depth,
    String label,
    Optional<Node> node,
    ImmutableList<Value> operands,
    ImmutableList<Value> results) {

  static ImmutableList<Row> of(Graph graph) {
    ImmutableList.Builder<Row> rows = ImmutableList.builder();
    add(graph, "", 0, rows);
    return rows.build();
  }

  private static void add(Graph graph, String scope, int depth, ImmutableList.Builder<Row> rows) {
    for (Value input : graph.inputs()) {
      ImmutableList<Value> results = ImmutableList.of(input);
      rows.add(new Row(scope, depth, "", Optional.empty(), ImmutableList.of(), results));
    }
    for (Node node : graph.nodes()) {
      rows.add(new Row(scope, depth, "", Optional.of(node), node.op().operands(), node.results()));
      if (node.op() instanceof ControlFlow flow) {
        String inside = scope + "/" + node.location().label() + ".";
        for (int i = 0; i < flow.bodies().size(); i++) {
          add(flow.bodies().get(i), inside + i, depth + 1, rows);
        }
      }
    }
    for (Graph.Output output : graph.outputs()) {
      ImmutableList<Value> read = ImmutableList.of(output.value());
      rows.add(new Row(scope, depth, output.name(), Optional.empty(), read, ImmutableList.of()));
    }
  }

  Location location() {
    return node.map(Node::location).orElse(Location.UNKNOWN);
  }
}
