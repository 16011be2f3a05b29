package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.ValueNames;
import java.util.List;
import java.util.Optional;

/**
 * An operation that sums products with weights, and so gains from few bits. What is fused behind it
 * belongs to it too; each region can be quantized on its own.
 *
 * @param name that of the result, by {@link ValueNames} of the graph
 * @param data what is multiplied
 * @param weights known numbers, or numbers that the model itself has quantized
 * @param channelAxis the axis of the weights along which results do not share them
 */
public record Region(String name, Node node, Reading data, Reading weights, int channelAxis) {

  /** The regions of a graph, in its order. */
  public static List<Region> of(Graph graph) {
    ValueNames names = ValueNames.of(graph);
    return graph.nodes().stream().flatMap(node -> of(node, names).stream()).toList();
  }

  private static Optional<Region> of(Node node, ValueNames names) {
    int axis = channelAxis(node.op());
    if (axis < 0 || !areWeights(node.op().operands().get(1))) {
      return Optional.empty();
    }
    String name = names.of(node.result());
    return Optional.of(new Region(name, node, new Reading(node, 0), new Reading(node, 1), axis));
  }

  /** Negative for what is no region. */
  private static int channelAxis(Op op) {
    return switch (op) {
      case Conv _ -> 0;
      case ConvTranspose conv when conv.groups() == 1 -> 1;
      case MatMul(_, Value b, _, boolean transposed) -> b.rank() - (transposed ? 2 : 1);
      default -> -1;
    };
  }

  private static boolean areWeights(Value value) {
    return value.constant().isPresent() || Quantized.isWeights(value);
  }

  Op op() {
    return node.op();
  }
}
