package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableSet;
import com.google.common.collect.ImmutableSetMultimap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import java.util.Optional;

/** Where the values of a graph are read. */
public record Uses(ImmutableSetMultimap<Value, Reading> readings, ImmutableSet<Value> outputs) {

  public static Uses of(Graph graph) {
    ImmutableSetMultimap.Builder<Value, Reading> readings = ImmutableSetMultimap.builder();
    for (Node node : graph.nodes()) {
      for (int i = 0; i < node.op().operands().size(); i++) {
        readings.put(node.op().operands().get(i), new Reading(node, i));
      }
    }
    ImmutableSet<Value> outputs =
        graph.outputs().stream().map(Graph.Output::value).collect(ImmutableSet.toImmutableSet());
    return new Uses(readings.build(), outputs);
  }

  public ImmutableSet<Reading> of(Value value) {
    return readings.get(value);
  }

  public boolean isOutput(Value value) {
    return outputs.contains(value);
  }

  /** The only place where a value is read, if it is no output of the graph. */
  Optional<Reading> only(Value value) {
    return of(value).size() == 1 && !isOutput(value)
        ? Optional.of(of(value).iterator().next())
        : Optional.empty();
  }
}
