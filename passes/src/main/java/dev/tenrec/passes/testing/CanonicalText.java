package dev.tenrec.passes.testing;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.text.GraphPrinter;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A text that is the same for graphs that differ in names and in the order of nodes only. */
final class CanonicalText {
  private final GraphBuilder builder;
  private final Map<Value, Value> copies = new HashMap<>();

  private CanonicalText(Graph graph) {
    this.builder = new GraphBuilder("g");
    for (Value input : graph.inputs()) {
      copies.put(input, builder.input(input.name(), input.type()));
    }
    graph.outputs().forEach(output -> builder.output(output.name(), copy(output.value())));
  }

  static String of(Graph graph) {
    return GraphPrinter.print(new CanonicalText(graph).builder.build());
  }

  private Value copy(Value value) {
    Value known = copies.get(value);
    if (known != null) {
      return known;
    }
    Node node = value.producer().orElseThrow();
    ImmutableList<Value> operands =
        node.op().operands().stream().map(this::copy).collect(ImmutableList.toImmutableList());
    Node copy = builder.add(Node.of(node.op().withOperands(operands), Location.UNKNOWN, List.of()));
    for (int i = 0; i < node.results().size(); i++) {
      copies.put(node.results().get(i), copy.results().get(i));
    }
    return copies.getOrDefault(value, value);
  }
}
