package dev.tenrec.passes;

import com.google.common.collect.ImmutableList;
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
        case ControlFlow flow -> {
          ImmutableList<Graph> bodies =
              flow.bodies().stream()
                  .map(body -> run(pass, body, context))
                  .collect(ImmutableList.toImmutableList());
          if (bodies.equals(flow.bodies())) {
            rebuilder.keep(node);
          } else {
            rebuilder.replace(node, flow.withBodies(bodies));
          }
        }
        default -> rebuilder.keep(node);
      }
    }
    return pass.run(rebuilder.build(), context);
  }
}
