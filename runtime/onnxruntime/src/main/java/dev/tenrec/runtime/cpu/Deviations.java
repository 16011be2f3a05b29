package dev.tenrec.runtime.cpu;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.stream.IntStream;

/** Operations that ONNX Runtime computes in another way than ONNX defines. */
final class Deviations {
  private Deviations() {}

  /** Refuses a graph whose results would be wrong. */
  static void check(Graph graph) {
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Resize resize && isMisaligned(resize)) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "ONNX Runtime aligns corners by sizes, not by scales %s"
                    .formatted(resize.scales().orElseThrow()))
            .at(node.location())
            .advise("resize to sizes, or use the interpreter");
      }
    }
  }

  /** By ONNX's definition, the corners lie at scale times size, which may be no integer. */
  private static boolean isMisaligned(Resize op) {
    return op.mode().coordinates() == Coordinates.ALIGN_CORNERS
        && op.scales().isPresent()
        && IntStream.range(0, op.x().rank()).anyMatch(axis -> !isWhole(op, axis));
  }

  private static boolean isWhole(Resize op, int axis) {
    double scale = op.scales().orElseThrow().get(axis);
    double scaled = scale * op.x().dim(axis).value().orElse(1);
    return scaled == Math.rint(scaled);
  }
}
