package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Sums of a convolution and what skips it. TensorRT adds within the convolution, and wants only the
 * other operand quantized; of two convolutions it adds in the one on the longer way.
 */
final class ResidualSums {
  private final Uses uses;
  private final Map<Value, Integer> depths = new HashMap<>();

  ResidualSums(Graph graph, Uses uses) {
    this.uses = uses;
    for (Node node : graph.nodes()) {
      int depth = 1 + node.op().operands().stream().mapToInt(this::depth).max().orElse(0);
      node.results().forEach(result -> depths.put(result, depth));
    }
  }

  private int depth(Value value) {
    return depths.getOrDefault(value, 0);
  }

  /** Where the sum that a region's result goes into reads what skips the region. */
  Optional<Reading> skip(Region region) {
    Value result = region.node().result();
    Reading reading = uses.only(result).orElse(null);
    if (!endsInSums(result) || reading == null) {
      return Optional.empty();
    }
    return reading.reader().op() instanceof Binary(BinaryKind kind, _, _) && kind == BinaryKind.ADD
        ? Optional.of(new Reading(reading.reader(), 1 - reading.operand()))
            .filter(other -> other.value().shape().equals(result.shape()))
            .filter(other -> other.value().constant().isEmpty())
            .filter(other -> !addsThere(other.value(), result))
        : Optional.empty();
  }

  /** Whether a value comes from a convolution, and nothing follows it there. */
  private static boolean endsInSums(Value value) {
    return value.producedBy(Conv.class).filter(conv -> conv.activation().isEmpty()).isPresent();
  }

  private boolean addsThere(Value other, Value result) {
    return endsInSums(other) && uses.only(other).isPresent() && depth(other) > depth(result);
  }
}
