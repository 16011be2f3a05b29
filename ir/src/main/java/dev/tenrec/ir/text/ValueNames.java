package dev.tenrec.ir.text;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * A name of its own for each value of a graph: that of the input or output that it is, or its own
 * where no earlier value has the same. The same graph always gets the same names.
 */
public final class ValueNames {
  /** What {@link #of(Value)} says about a value of another graph. */
  public static final String UNDEFINED = "<undefined>";

  private final Map<Value, String> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private int counter;

  private ValueNames() {}

  /** The names of the values of a graph, without those of the bodies of its nodes. */
  public static ValueNames of(Graph graph) {
    ValueNames result = new ValueNames();
    for (Value input : graph.inputs()) {
      result.taken.add(input.name());
      result.names.put(input, input.name());
    }
    for (Graph.Output output : graph.outputs()) {
      if (!result.names.containsKey(output.value()) && result.taken.add(output.name())) {
        result.names.put(output.value(), output.name());
      }
    }
    graph.nodes().stream()
        .flatMap(node -> node.results().stream())
        .forEach(value -> result.names.computeIfAbsent(value, v -> result.unique(v.name())));
    return result;
  }

  private String unique(String suggestion) {
    String name = suggestion;
    while (name.isEmpty() || !taken.add(name)) {
      name = "v" + counter++;
    }
    return name;
  }

  /** The name of a value; {@link #UNDEFINED} for one that is not in the graph. */
  public String of(Value value) {
    return names.getOrDefault(value, UNDEFINED);
  }
}
