package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Drops nodes of which no output of the graph depends. Inputs stay, they are the model's contract.
 */
public record EliminateDeadCode() implements Pass {
  @Override
  public String name() {
    return "eliminate-dead-code";
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return in(graph);
  }

  /** The graph without dead nodes; the same object if there are none. */
  public static Graph in(Graph graph) {
    Set<Node> live = Collections.newSetFromMap(new IdentityHashMap<>());
    graph.outputs().forEach(output -> output.value().producer().ifPresent(live::add));
    List<Node> backwards = graph.nodes().reversed();
    for (Node node : backwards) {
      if (live.contains(node)) {
        node.op().operands().stream().map(Value::producer).forEach(p -> p.ifPresent(live::add));
      }
    }
    if (live.size() == graph.nodes().size()) {
      return graph;
    }
    GraphBuilder builder = new GraphBuilder(graph.name());
    graph.inputs().forEach(builder::addInput);
    graph.nodes().stream().filter(live::contains).forEach(builder::add);
    graph.outputs().forEach(output -> builder.output(output.name(), output.value()));
    return builder.build();
  }
}
