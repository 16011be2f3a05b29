package dev.tenrec.runtime.cpu;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Sets;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Elementwise.BitCast;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Operations on 16-bit floats. ONNX Runtime has kernels for few of them on bfloat16, and computes
 * those on float16 in float32 without rounding in between, which hides overflow. Here they compute
 * in float32, and each result is rounded: every value holds what it would hold on a device.
 */
final class WideArithmetic {
  private static final ImmutableSet<ElementType> NARROW =
      Sets.immutableEnumSet(ElementType.FLOAT16, ElementType.BFLOAT16);

  private static final ElementType WIDE = ElementType.FLOAT32;

  private final GraphBuilder builder;
  private final Map<Value, Value> now = new HashMap<>();
  private final Map<Value, Value> wide = new HashMap<>();

  private WideArithmetic(String name) {
    this.builder = new GraphBuilder(name);
  }

  /** A graph of the same inputs and outputs; itself if it has no such operations. */
  static Graph widen(Graph graph) {
    return isNeeded(graph) ? new WideArithmetic(graph.name()).rebuild(graph) : graph;
  }

  private static boolean isNeeded(Graph graph) {
    return graph.nodes().stream()
        .anyMatch(node ->
            concerns(node)
                || (node.op() instanceof ControlFlow flow
                    && flow.bodies().stream().anyMatch(WideArithmetic::isNeeded)));
  }

  private static boolean concerns(Node node) {
    return switch (node.op()) {
      case Source.Constant _, Source.ShapeOf _, Cast _, BitCast _, ControlFlow _ -> false;
      default -> isNarrow(node.op().operands()) || isNarrow(node.results());
    };
  }

  private static boolean isNarrow(List<Value> values) {
    return values.stream().anyMatch(value -> NARROW.contains(value.elementType()));
  }

  private Graph rebuild(Graph graph) {
    graph.inputs().forEach(builder::addInput);
    for (Node node : graph.nodes()) {
      Node copy = concerns(node) ? widened(node) : kept(node);
      builder.add(copy);
      for (int i = 0; i < copy.results().size(); i++) {
        Value before = node.results().get(i);
        now.put(before, as(copy.results().get(i), before.elementType()));
      }
    }
    graph.outputs().forEach(output -> builder.output(output.name(), get(output.value())));
    return builder.build();
  }

  private Value get(Value value) {
    return now.getOrDefault(value, value);
  }

  private Value as(Value value, ElementType type) {
    return value.elementType() == type ? value : builder.add(new Cast(value, type));
  }

  private Node kept(Node node) {
    Op op =
        node.op() instanceof ControlFlow flow
            ? flow.withBodies(
                flow.bodies().stream()
                    .map(WideArithmetic::widen)
                    .collect(ImmutableList.toImmutableList()))
            : node.op();
    return copy(node, op, op.operands().stream().map(this::get).toList());
  }

  private Node widened(Node node) {
    Op op =
        node.op() instanceof Dequantize dequantize
            ? new Dequantize(dequantize.x(), dequantize.scale(), WIDE, dequantize.granularity())
            : node.op();
    return copy(node, op, op.operands().stream().map(this::wide).toList());
  }

  private Value wide(Value value) {
    return NARROW.contains(value.elementType())
        ? wide.computeIfAbsent(get(value), x -> builder.add(new Cast(x, WIDE)))
        : get(value);
  }

  private static Node copy(Node node, Op op, List<Value> operands) {
    Op current = op.withOperands(ImmutableList.copyOf(operands));
    return current.equals(node.op()) ? node : Node.of(current, node.location(), node.names());
  }
}
