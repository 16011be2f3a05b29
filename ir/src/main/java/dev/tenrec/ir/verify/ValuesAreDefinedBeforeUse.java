package dev.tenrec.ir.verify;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import java.util.HashSet;
import java.util.Set;

/** Nodes are in topological order, and nothing is read that the graph does not hold. */
record ValuesAreDefinedBeforeUse() implements GraphCheck {
  @Override
  public String property() {
    return "values are defined, once, before they are read";
  }

  @Override
  public void check(Graph graph, Report report) {
    Set<Value> defined = new HashSet<>(graph.inputs());
    for (Node node : graph.nodes()) {
      for (Value operand : node.op().operands()) {
        if (!defined.contains(operand)) {
          report.violation(node.location(), "operand %s is not defined".formatted(operand));
        }
      }
      for (Value result : node.results()) {
        if (!defined.add(result)) {
          report.violation(node.location(), "result %s is defined twice".formatted(result));
        }
      }
    }
    for (Graph.Output output : graph.outputs()) {
      if (!defined.contains(output.value())) {
        report.violation(Location.UNKNOWN, "output '%s' is not defined".formatted(output.name()));
      }
    }
  }
}
