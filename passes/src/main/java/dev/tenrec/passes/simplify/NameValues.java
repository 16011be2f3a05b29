package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.GraphRebuilder;

/**
 * Gives each value that has no name of its own, or that of another, the one that {@link ValueNames}
 * gives it. Behind this pass values are found by their names, whatever later passes add.
 */
public record NameValues() implements Pass {
  @Override
  public String name() {
    return "name-values";
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    ValueNames names = ValueNames.of(graph);
    ImmutableSet<Value> outputs =
        graph.outputs().stream().map(Graph.Output::value).collect(ImmutableSet.toImmutableSet());
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    for (Node node : graph.nodes()) {
      rebuilder.rename(
          node,
          node.results().stream()
              .map(v -> outputs.contains(v) && !v.name().isEmpty() ? v.name() : names.of(v))
              .toList());
    }
    return rebuilder.build();
  }
}
