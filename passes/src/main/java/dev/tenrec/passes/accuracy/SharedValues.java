package dev.tenrec.passes.accuracy;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Two graphs whose outputs are all values that exist in both: those that carry the same name, which
 * nothing else carries.
 */
public record SharedValues(Graph reference, Graph candidate) {

  /** Adds outputs to two graphs. */
  public static SharedValues of(Graph reference, Graph candidate) {
    Map<String, Value> left = named(reference);
    Map<String, Value> right = named(candidate);
    left.keySet().retainAll(right.keySet());
    right.keySet().retainAll(left.keySet());
    return new SharedValues(tapped(reference, left), tapped(candidate, right));
  }

  private static Map<String, Value> named(Graph graph) {
    Map<String, Value> named = new HashMap<>();
    Set<String> taken = new HashSet<>();
    graph.inputs().forEach(input -> taken.add(input.name()));
    graph.outputs().forEach(output -> taken.add(output.name()));
    for (Node node : graph.nodes()) {
      for (Value value : node.results()) {
        if (!value.name().isEmpty() && taken.add(value.name())) {
          named.put(value.name(), value);
        } else {
          named.remove(value.name());
        }
      }
    }
    named.values().removeIf(value -> value.constant().isPresent());
    named.values().removeIf(value -> value.producedBy(Source.Sizes.class).isPresent());
    return named;
  }

  /** A graph with more outputs. */
  public static Graph tapped(Graph graph, Map<String, Value> taps) {
    GraphBuilder builder = new GraphBuilder(graph.name());
    graph.inputs().forEach(builder::addInput);
    graph.nodes().forEach(builder::add);
    graph.outputs().forEach(output -> builder.output(output.name(), output.value()));
    for (Node node : graph.nodes()) {
      for (Value value : node.results()) {
        if (value.equals(taps.get(value.name()))) {
          builder.output(value.name(), value);
        }
      }
    }
    return builder.build();
  }
}
