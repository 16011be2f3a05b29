package dev.tenrec.passes;

import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.passes.rewrite.GraphRebuilder;

/** Brings a pass to the graphs inside of operations. */
final class NestedGraphs {
  private NestedGraphs() {}

  /** Runs a pass on every body, innermost first, then on the graph. */
  static Graph run(Pass pass, Graph graph, PassContext context) {
    if (!pass.runsInBodies()
        || graph.nodes().stream().noneMatch(node -> node.op() instanceof ControlFlow)) {
      return pass.run(graph, context);
    }
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    for (Node node : graph.nodes()) {
      switch (node.op()) {
        case ControlFlow.Scan scan -> {
          Graph body = run(pass, scan.body(), context);
          if (body.equals(scan.body())) {
            rebuilder.keep(node);
          } else {
            ControlFlow.Scan changed =
                new ControlFlow.Scan(
                    body, scan.states(), scan.sequences(), scan.captures(), scan.reverse());
            rebuilder.replace(node, changed);
          }
        }
        default -> rebuilder.keep(node);
      }
    }
    return pass.run(rebuilder.build(), context);
  }
}
