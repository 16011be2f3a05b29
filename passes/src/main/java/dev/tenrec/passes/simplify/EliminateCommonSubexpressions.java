package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.HashMap;
import java.util.Map;

/**
 * Computes equal things once. Operations are records over values with identity, so that two are
 * equal exactly when they compute the same from the same; none of them is random.
 */
public record EliminateCommonSubexpressions() implements Pass {
  @Override
  public String name() {
    return "eliminate-common-subexpressions";
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    Map<Op, Node> known = new HashMap<>();
    for (Node node : graph.nodes()) {
      Op op = rebuilder.remapped(node.op());
      Node first = known.get(op);
      if (first == null || !context.mayRewrite()) {
        known.put(op, rebuilder.keep(node));
      } else {
        for (int i = 0; i < node.results().size(); i++) {
          context.applied(name(), node.results().get(i), first.results().get(i));
          rebuilder.replace(node.results().get(i), first.results().get(i));
        }
      }
    }
    return rebuilder.build();
  }
}
