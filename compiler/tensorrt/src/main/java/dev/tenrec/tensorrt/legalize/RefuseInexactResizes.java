package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;

/**
 * Refuses to resize integers of 32 bits and more where that is left to TensorRT's layer, which
 * takes them for floats: those hold integers up to 2^24 only. Runs before narrower types are given
 * wider ones; see {@link DecomposeResize} for what needs no layer.
 */
public record RefuseInexactResizes() implements Pass {
  @Override
  public String name() {
    return "refuse-inexact-resizes";
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Resize resize && !isExact(resize, node.result().shape())) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "TensorRT would resize %s in float, which holds integers up to 2^24 only"
                    .formatted(resize.x().type()))
            .at(node.location())
            .advise("resize floats or smaller integers, or the nearest elements to fixed sizes");
      }
    }
    return graph;
  }

  private static boolean isExact(Resize op, Shape result) {
    return switch (op.x().elementType()) {
      case INT32, INT64, UINT32, UINT64 ->
          op.mode().interpolation() == Interpolation.NEAREST
              && isSmall(op.x().shape())
              && isSmall(result);
      default -> true;
    };
  }

  private static boolean isSmall(Shape shape) {
    return shape.dims().stream()
        .allMatch(dim -> dim.value().orElse(Long.MAX_VALUE) <= DecomposeResize.MAX_SIZE);
  }
}
