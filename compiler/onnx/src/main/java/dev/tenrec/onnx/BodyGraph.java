package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * An imported graph that a node holds.
 *
 * @param graph has one output for each tensor within the outputs
 * @param outputs in terms of the graph's values
 * @param captures values from outside, for which the last inputs of the graph stand
 */
record BodyGraph(Graph graph, List<Datum> outputs, ImmutableList<Value> captures) {

  /** A tensor that the graph gives. */
  Value output(int i) {
    return graph.outputs().get(i).value();
  }

  /** The graph without its first outputs. */
  Graph without(int first) {
    ImmutableList<Graph.Output> rest = graph.outputs().subList(first, graph.outputs().size());
    return new Graph(graph.name(), graph.inputs(), graph.nodes(), rest);
  }

  /** The same with other values in the place of the tensors that it gives. */
  BodyGraph with(List<Value> values) {
    GraphBuilder builder = new GraphBuilder(graph.name());
    graph.inputs().forEach(builder::addInput);
    graph.nodes().forEach(builder::add);
    for (int i = 0; i < values.size(); i++) {
      values.get(i).producer().ifPresent(builder::add);
      builder.output(graph.outputs().get(i).name(), values.get(i));
    }
    return new BodyGraph(builder.build(), values.stream().map(Datum::of).toList(), captures);
  }

  /** The graph with an input for each of the given values, of which the captured ones are some. */
  Graph taking(Collection<Value> values) {
    GraphBuilder builder = new GraphBuilder(graph.name());
    for (Value value : values) {
      int i = captures.indexOf(value);
      if (i >= 0) {
        builder.addInput(graph.inputs().get(i));
      } else {
        builder.input("unused" + builder.inputs().size(), value.type());
      }
    }
    graph.nodes().forEach(builder::add);
    graph.outputs().forEach(output -> builder.output(output.name(), output.value()));
    return builder.build();
  }

  /** The tensors that the graph gives, computed outside of it; it must have no other inputs. */
  List<Value> inlined() {
    Map<Value, Value> outside = new HashMap<>();
    for (int i = 0; i < captures.size(); i++) {
      outside.put(graph.inputs().get(i), captures.get(i));
    }
    for (Node node : graph.nodes()) {
      ImmutableList<Value> operands =
          node.op().operands().stream()
              .map(operand -> outside.getOrDefault(operand, operand))
              .collect(ImmutableList.toImmutableList());
      if (!operands.equals(node.op().operands())) {
        Node copy = node.withOperands(operands);
        for (int i = 0; i < copy.results().size(); i++) {
          outside.put(node.results().get(i), copy.results().get(i));
        }
      }
    }
    return graph.outputs().stream()
        .map(output -> outside.getOrDefault(output.value(), output.value()))
        .toList();
  }
}
