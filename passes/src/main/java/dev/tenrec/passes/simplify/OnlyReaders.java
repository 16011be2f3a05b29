package dev.tenrec.passes.simplify;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The operation that reads a value, where there is one only. */
final class OnlyReaders {
  private final Map<Value, Node> readers = new HashMap<>();

  OnlyReaders(Graph graph) {
    Set<Value> shared = new HashSet<>();
    graph.outputs().forEach(output -> shared.add(output.value()));
    for (Node node : graph.nodes()) {
      for (Value operand : node.op().operands()) {
        if (readers.putIfAbsent(operand, node) != null) {
          shared.add(operand);
        }
      }
    }
    readers.keySet().removeAll(shared);
  }

  Optional<Node> of(Value value) {
    return Optional.ofNullable(readers.get(value));
  }
}
