package dev.tenrec.ir.text;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A name of its own for each value of a graph: that of the input or output that it is, or its own
 * where no earlier value has the same. The same graph always gets the same names, and values
 * without names leave those of others as they are.
 */
public final class ValueNames {
  /** What {@link #of(Value)} says about a value of another graph. */
  public static final String UNDEFINED = "<undefined>";

  private final Map<Value, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>(Set.of(""));
  private int counter;

  private ValueNames() {}

  /** The names of the values of a graph, without those of the bodies of its nodes. */
  public static ValueNames of(Graph graph) {
    ValueNames result = new ValueNames();
    graph.inputs().forEach(input -> result.suggest(input, input.name()));
    graph.outputs().forEach(output -> result.suggest(output.value(), output.name()));
    // Another value must not lose its name when something else becomes the output.
    graph.outputs().forEach(output -> result.suggest(output.value(), output.value().name()));
    List<Value> results = graph.nodes().stream().flatMap(node -> node.results().stream()).toList();
    results.forEach(value -> result.suggest(value, value.name()));
    results.forEach(value -> result.names.computeIfAbsent(value, _ -> result.unused()));
    return result;
  }

  private void suggest(Value value, String name) {
    if (taken.add(name)) {
      names.putIfAbsent(value, name);
    }
  }

  private String unused() {
    String name;
    do {
      name = "v" + counter++;
    } while (!taken.add(name));
    return name;
  }

  /** The name of a value; {@link #UNDEFINED} for one that is not in the graph. */
  public String of(Value value) {
    return names.getOrDefault(value, UNDEFINED);
  }
}
