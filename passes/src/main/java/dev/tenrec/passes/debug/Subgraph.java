package dev.tenrec.passes.debug;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A graph of some of another's nodes. What others computed becomes an input, or a constant where
 * its elements are known; what others read becomes an output.
 */
final class Subgraph {
  private final Graph whole;
  private final Set<Node> kept;
  private final Map<Value, Value> copies = new HashMap<>();
  private final Map<Dim, Symbol> names = new HashMap<>();
  private final Set<String> taken = new HashSet<>();
  private final GraphBuilder builder;

  private Subgraph(Graph whole, Collection<Node> nodes) {
    this.whole = whole;
    this.kept = Collections.newSetFromMap(new IdentityHashMap<>());
    this.kept.addAll(nodes);
    this.builder = new GraphBuilder(whole.name());
  }

  /**
   * The graph of some nodes and the constants that they read.
   *
   * @param allInputs whether inputs stay that none of the nodes reads
   * @throws dev.tenrec.ir.diagnostic.TenrecException if an operation cannot be typed any more
   */
  static Graph of(Graph whole, Collection<Node> nodes, boolean allInputs) {
    return new Subgraph(whole, nodes).build(allInputs);
  }

  private Graph build(boolean allInputs) {
    whole.inputs().forEach(input -> taken.add(input.name()));
    Set<Value> read = new HashSet<>();
    whole.nodes().stream()
        .filter(kept::contains)
        .forEach(node -> read.addAll(node.op().operands()));
    whole.inputs().stream()
        .filter(input -> allInputs || read.contains(input))
        .forEach(input -> {
          builder.addInput(input);
          copies.put(input, input);
        });
    whole.nodes().stream().filter(kept::contains).forEach(this::copy);
    addOutputs();
    return builder.build();
  }

  private void copy(Node node) {
    ImmutableList<Value> operands =
        node.op().operands().stream()
            .map(operand -> copies.computeIfAbsent(operand, this::standIn))
            .collect(ImmutableList.toImmutableList());
    Node copy = operands.equals(node.op().operands()) ? node : node.withOperands(operands);
    builder.add(copy);
    for (int i = 0; i < node.results().size(); i++) {
      copies.put(node.results().get(i), copy.results().get(i));
    }
  }

  /** What stands for a value that no node computes any more. */
  private Value standIn(Value value) {
    if (value.constant().isPresent()) {
      return value;
    }
    return known(value).map(op -> named(op, value)).orElseGet(() -> input(value));
  }

  private static Value named(Op op, Value like) {
    return Node.of(op, like.producer().orElseThrow().location(), List.of(like.name())).result();
  }

  /** The elements as a constant or as sizes, where they are known. */
  private static Optional<Op> known(Value value) {
    if (value.content().isEmpty()) {
      return Optional.empty();
    }
    ImmutableList<Dim> content = value.content().get();
    if (content.stream().allMatch(dim -> dim.value().isPresent())) {
      return value
          .shape()
          .sizes()
          .map(sizes ->
              new Source.Constant(
                  Tensor.ofLongs(
                      value.elementType(), sizes, i -> content.get(i).value().orElseThrow())));
    }
    boolean isSizes =
        value.rank() <= 1
            && value.elementType() == ElementType.INT64
            && content.stream()
                .flatMap(dim -> dim.symbols().stream())
                .noneMatch(Symbol::isAnonymous);
    return isSizes ? Optional.of(new Source.Sizes(content, value.rank() == 0)) : Optional.empty();
  }

  private Value input(Value value) {
    ImmutableList<Dim> dims =
        value.shape().dims().stream().map(this::plain).collect(ImmutableList.toImmutableList());
    return builder.input(
        unique(value.name().isEmpty() ? "x" : value.name()),
        new TensorType(value.elementType(), new Shape(dims)));
  }

  /** Sizes of inputs are numbers or symbols: an expression gets a name. */
  private Dim plain(Dim dim) {
    boolean plain = dim.value().isPresent() || (dim instanceof Symbol s && !s.isAnonymous());
    return plain ? dim : names.computeIfAbsent(dim, _ -> new Symbol("size" + names.size()));
  }

  private String unique(String name) {
    String free = name;
    for (int i = 1; !taken.add(free); i++) {
      free = name + "_" + i;
    }
    return free;
  }

  /** The outputs that are left, and what nobody reads any more. */
  private void addOutputs() {
    Set<Value> read = new HashSet<>();
    builder.nodes().forEach(node -> read.addAll(node.op().operands()));
    Set<Value> given = new HashSet<>();
    taken.clear();
    for (Graph.Output output : whole.outputs()) {
      Value copy = copies.get(output.value());
      if (copy != null && output.value().producer().filter(kept::contains).isPresent()) {
        taken.add(output.name());
        builder.output(output.name(), copy);
        given.add(copy);
      }
    }
    for (Node node : List.copyOf(builder.nodes())) {
      for (Value result : node.results()) {
        if (!read.contains(result) && !given.contains(result)) {
          builder.output(unique(result.name().isEmpty() ? "y" : result.name()), result);
        }
      }
    }
  }
}
