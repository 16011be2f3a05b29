package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Takes away the casts at the inputs and outputs that {@link AssignTargetTypes} put there, for
 * types that no network takes or gives. No pass, because the graph then takes and gives something
 * else.
 */
final class OpenBorders {
  private final Graph old;
  private final GraphBuilder builder;
  private final Map<Value, Value> replaced = new HashMap<>();

  private OpenBorders(Graph old) {
    this.old = old;
    this.builder = new GraphBuilder(old.name());
  }

  /** The graph without those casts; the same object if there are none. */
  static Graph of(Graph graph) {
    boolean open =
        graph.inputs().stream().anyMatch(input -> !TargetTypes.binds(input.elementType()))
            || graph.outputs().stream().anyMatch(output -> uncast(output.value()).isPresent());
    return open ? new OpenBorders(graph).run() : graph;
  }

  private Graph run() {
    old.inputs().forEach(this::add);
    old.nodes().forEach(this::add);
    for (Graph.Output output : old.outputs()) {
      Value value = uncast(output.value()).orElse(output.value());
      value.producer().filter(_ -> value.constant().isPresent()).ifPresent(builder::add);
      builder.output(output.name(), replaced.getOrDefault(value, value));
    }
    return builder.build();
  }

  private void add(Value input) {
    if (TargetTypes.binds(input.elementType())) {
      builder.addInput(input);
    } else {
      ElementType target = TargetTypes.of(input.elementType());
      replaced.put(input, builder.input(input.name(), input.type().with(target)));
    }
  }

  private void add(Node node) {
    Op op = node.op();
    Optional<Value> opened =
        op instanceof Cast(Value x, ElementType to)
            ? Optional.ofNullable(replaced.get(x)).filter(now -> now.elementType() == to)
            : Optional.empty();
    if (opened.isPresent()) {
      replaced.put(node.result(), opened.get());
    } else if (!isOutgoing(op)) {
      Node now = op.operands().stream().anyMatch(replaced::containsKey) ? remapped(node) : node;
      builder.add(now);
      for (int i = 0; i < now.results().size(); i++) {
        replaced.put(node.results().get(i), now.results().get(i));
      }
    }
  }

  private Node remapped(Node node) {
    return node.withOperands(
        node.op().operands().stream()
            .map(operand -> replaced.getOrDefault(operand, operand))
            .collect(ImmutableList.toImmutableList()));
  }

  /** What an output is cast from, if the cast is for the outside to do; folded ones count too. */
  private static Optional<Value> uncast(Value output) {
    ElementType type = output.elementType();
    return output.constant().isPresent() && !TargetTypes.has(type)
        ? output.constant().map(tensor -> constant(tensor, TargetTypes.of(type)))
        : output.producedBy(Cast.class).filter(OpenBorders::isOutgoing).map(Cast::x);
  }

  private static Value constant(Tensor tensor, ElementType to) {
    return Terms.constant(
        to.isFloating()
            ? Tensor.ofDoubles(to, tensor.sizes(), tensor::getDouble)
            : Tensor.ofLongs(to, tensor.sizes(), tensor::getLong));
  }

  /** TensorRT casts floating point to bytes, and nothing to the other types that it lacks. */
  private static boolean isOutgoing(Op op) {
    return op instanceof Cast(Value x, ElementType to)
        && !TargetTypes.has(to)
        && (to != ElementType.UINT8 || x.elementType().isInteger());
  }
}
