package dev.tenrec.passes.debug;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Rebuilds a graph with smaller inputs and constants, or without an operation in between. */
final class SmallerParts {
  private final Map<Value, Value> copies = new HashMap<>();

  private SmallerParts() {}

  /** The graph with a size wherever another one stood, in inputs, constants and shapes. */
  static Graph withSize(Graph graph, long before, long after) {
    return new SmallerParts()
        .rebuild(
            graph,
            input -> input.with(shape(input.shape(), dim -> dim.is(before) ? Dim.of(after) : dim)),
            tensor -> resized(tensor, before, after));
  }

  /** The graph with a number for a symbol. */
  static Graph withSize(Graph graph, Symbol symbol, long size) {
    return new SmallerParts()
        .rebuild(
            graph,
            input ->
                input.with(
                    shape(
                        input.shape(),
                        dim -> dim.substitute(s -> s.equals(symbol) ? Dim.of(size) : s))),
            tensor -> tensor);
  }

  /** The graph with other constants. */
  static Graph withConstants(Graph graph, Function<Tensor, Tensor> change) {
    return new SmallerParts().rebuild(graph, type -> type, change);
  }

  /** The graph with inputs in the place of some constants. */
  static Graph withInputs(Graph graph, List<Node> constants) {
    SmallerParts parts = new SmallerParts();
    Set<String> taken = new HashSet<>();
    graph.inputs().forEach(input -> taken.add(input.name()));
    GraphBuilder more = new GraphBuilder(graph.name());
    graph.inputs().forEach(more::addInput);
    for (Node constant : constants) {
      String name = constant.result().name().isEmpty() ? "c" : constant.result().name();
      while (!taken.add(name)) {
        name += "_";
      }
      parts.copies.put(constant.result(), more.input(name, constant.result().type()));
    }
    Graph open =
        new Graph(
            graph.name(),
            ImmutableList.copyOf(more.inputs()),
            graph.nodes().stream()
                .filter(node -> !constants.contains(node))
                .collect(ImmutableList.toImmutableList()),
            graph.outputs());
    return parts.rebuild(open, type -> type, tensor -> tensor);
  }

  /** The graph with one of its values in the place of another. */
  static Graph without(Graph graph, Value value, Value replacement) {
    SmallerParts parts = new SmallerParts();
    parts.copies.put(value, replacement);
    return parts.rebuild(graph, type -> type, tensor -> tensor);
  }

  private static Shape shape(Shape shape, Function<Dim, Dim> change) {
    return new Shape(shape.dims().stream().map(change).collect(ImmutableList.toImmutableList()));
  }

  /** The first elements along each axis that has the size, and the size as an element. */
  private static Tensor resized(Tensor tensor, long before, long after) {
    long[] sizes = tensor.sizes().toArray();
    for (int axis = 0; axis < sizes.length; axis++) {
      sizes[axis] = sizes[axis] == before ? after : sizes[axis];
    }
    ImmutableLongArray smaller = ImmutableLongArray.copyOf(sizes);
    boolean shape =
        tensor.elementType() == ElementType.INT64 && tensor.rank() <= 1 && tensor.count() <= 8;
    return Tensor.ofBits(
        tensor.elementType(),
        smaller,
        i -> {
          long position = position(i, smaller, tensor.sizes());
          return shape && tensor.getLong(position) == before ? after : tensor.getBits(position);
        });
  }

  /** Where the i-th element of a smaller tensor lies in a larger one. */
  private static long position(long i, ImmutableLongArray smaller, ImmutableLongArray larger) {
    long rest = i;
    long stride = 1;
    long position = 0;
    for (int axis = smaller.length() - 1; axis >= 0; axis--) {
      position += rest % smaller.get(axis) * stride;
      rest /= smaller.get(axis);
      stride *= larger.get(axis);
    }
    return position;
  }

  private Graph rebuild(
      Graph graph, Function<TensorType, TensorType> inputs, Function<Tensor, Tensor> constants) {
    GraphBuilder builder = new GraphBuilder(graph.name());
    for (Value input : graph.inputs()) {
      TensorType type = inputs.apply(input.type());
      if (type.equals(input.type())) {
        builder.addInput(input);
      } else {
        copies.put(input, builder.input(input.name(), type));
      }
    }
    for (Node node : graph.nodes()) {
      Node copy = copy(node, constants);
      builder.add(copy);
      for (int i = 0; i < node.results().size(); i++) {
        copies.putIfAbsent(node.results().get(i), copy.results().get(i));
      }
    }
    graph.outputs().forEach(output -> builder.output(output.name(), get(output.value())));
    return builder.build();
  }

  private Node copy(Node node, Function<Tensor, Tensor> constants) {
    if (node.op() instanceof Source.Constant(Tensor tensor)) {
      Tensor changed = constants.apply(tensor);
      return changed.equals(tensor)
          ? node
          : Node.of(
              new Source.Constant(changed),
              node.location(),
              ImmutableList.of(node.result().name()));
    }
    ImmutableList<Value> operands =
        node.op().operands().stream().map(this::get).collect(ImmutableList.toImmutableList());
    return operands.equals(node.op().operands()) ? node : node.withOperands(operands);
  }

  private Value get(Value value) {
    Value copy = copies.getOrDefault(value, value);
    // A value that was replaced may itself have been copied.
    return copy == value || !copies.containsKey(copy) ? copy : get(copy);
  }
}
