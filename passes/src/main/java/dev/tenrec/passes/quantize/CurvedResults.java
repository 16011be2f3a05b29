package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Value;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * Convolutions with a curve for an activation whose results are not all read in 8 bits.
 *
 * <p>TensorRT 10.6 fuses both and interprets a formula for the curve. In INT8 that gave wrong
 * numbers with HardSwish in front of a depthwise convolution in FP16, and right ones in front of a
 * convolution in INT8 and with ReLU, which needs no formula; {@code testdata/results} has what was
 * seen.
 */
final class CurvedResults {
  private final Uses uses;
  private final ResidualSums sums;

  CurvedResults(Graph graph) {
    uses = Uses.of(graph);
    sums = new ResidualSums(graph, uses);
  }

  /** Those of some regions that cannot be quantized although the others are. */
  Set<Region> unquantizable(Collection<Region> regions) {
    Set<Region> kept = new LinkedHashSet<>(regions);
    Set<Reading> quantized = new HashSet<>();
    do {
      quantized.clear();
      for (Region region : kept) {
        quantized.add(region.data());
        sums.skip(region).ifPresent(quantized::add);
      }
    } while (kept.removeIf(
        region -> isCurved(region) && !isRead(region.node().result(), quantized)));
    Set<Region> left = new LinkedHashSet<>(regions);
    left.removeAll(kept);
    return left;
  }

  /** Whether the decision is ours, and there is a curve. */
  private static boolean isCurved(Region region) {
    return region.op() instanceof Conv conv
        && !Quantized.is(region.data().value())
        && conv.activation().filter(curve -> curve.kind() != ActivationKind.RELU).isPresent();
  }

  /** Whether all that read a value, moved or pooled or not, read it quantized. */
  private boolean isRead(Value value, Set<Reading> quantized) {
    Set<Reading> readings = uses.of(value);
    return !uses.isOutput(value)
        && !readings.isEmpty()
        && readings.stream()
            .allMatch(reading ->
                quantized.contains(reading)
                    || (passes(reading.reader().op())
                        && isRead(reading.reader().result(), quantized)));
  }

  private static boolean passes(Op op) {
    return op instanceof Concat || op instanceof Pool || Copies.copied(op).isPresent();
  }
}
