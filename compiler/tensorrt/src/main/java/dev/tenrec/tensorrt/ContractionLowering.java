package dev.tenrec.tensorrt;

import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.Value;
import dev.tenrec.tensorrt.layer.ContractionLayer;
import dev.tenrec.tensorrt.layer.ContractionLayer.MatrixOperation;
import dev.tenrec.tensorrt.layer.NetworkTensor;

/** Lowers {@link Contraction}. */
final class ContractionLowering {
  private ContractionLowering() {}

  static NetworkTensor lower(Contraction op, Scope in) {
    return switch (op) {
      case Contraction.MatMul(Value a, Value b, boolean transposeA, boolean transposeB) -> {
        int rank = Math.max(a.rank(), b.rank());
        yield in.add(
            new ContractionLayer.MatrixMultiply(
                in.aligned(a, rank),
                operation(transposeA),
                in.aligned(b, rank),
                operation(transposeB)));
      }
    };
  }

  private static MatrixOperation operation(boolean transpose) {
    return transpose ? MatrixOperation.TRANSPOSE : MatrixOperation.NONE;
  }
}
