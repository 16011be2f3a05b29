package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Value;
import java.util.stream.LongStream;

/** Matrix products. */
final class ContractionExport {
  private ContractionExport() {}

  static void write(Contraction contraction, NodeExport e) {
    switch (contraction) {
      case MatMul op when !op.transposeA() && !op.transposeB() -> e.same("MatMul");
      case MatMul op when op.a().rank() == 2 && op.b().rank() == 2 ->
          e.op("Gemm")
              .in(op.a())
              .in(op.b())
              .attribute("transA", op.transposeA())
              .attribute("transB", op.transposeB())
              .result();
      case MatMul op ->
          e.op("MatMul")
              .in(op.transposeA() ? transposed(op.a(), e) : e.name(op.a()))
              .in(op.transposeB() ? transposed(op.b(), e) : e.name(op.b()))
              .result();
    }
  }

  /** With the last two axes exchanged. */
  private static String transposed(Value x, NodeExport e) {
    long[] permutation = LongStream.range(0, x.rank()).toArray();
    permutation[x.rank() - 1] = x.rank() - 2L;
    permutation[x.rank() - 2] = x.rank() - 1L;
    return e.op("Transpose")
        .in(x)
        .attribute("perm", ImmutableLongArray.copyOf(permutation))
        .value();
  }
}
