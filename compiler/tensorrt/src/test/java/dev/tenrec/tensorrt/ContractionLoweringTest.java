package dev.tenrec.tensorrt;

import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class ContractionLoweringTest {
  @Property(tries = 8)
  void matMul(@ForAll boolean transposeA, @ForAll boolean transposeB) {
    LoweringCheck.check(
        x -> new Contraction.MatMul(x.get(0), x.get(1), transposeA, transposeB),
        transposeA
            ? TensorType.of(ElementType.FLOAT32, 2, 1, 4, 3)
            : TensorType.of(ElementType.FLOAT32, 2, 1, 3, 4),
        transposeB
            ? TensorType.of(ElementType.FLOAT32, 3, 5, 4)
            : TensorType.of(ElementType.FLOAT32, 3, 4, 5));
  }

  @Test
  void overNothing() {
    LoweringCheck.checkKnown(
        x -> new Contraction.MatMul(x.get(0), x.get(1)),
        TensorType.of(ElementType.FLOAT32, 2, 0),
        TensorType.of(ElementType.FLOAT32, 0, 3));
  }
}
