package dev.tenrec.tensorrt;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.ParametricRelu;
import dev.tenrec.ir.Reduction.TopK;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

/** Integers in operations that TensorRT has for floats, computed by the layers they become. */
class DecomposeIntegersTest {
  private static Tensor random(ElementType type, long... sizes) {
    return Tensors.random(TensorType.of(type, sizes), sizes.length);
  }

  @Property(tries = 8)
  void matrixProducts(
      @ForAll boolean transposeA, @ForAll boolean transposeB, @ForAll boolean wide) {
    ElementType type = wide ? ElementType.INT64 : ElementType.INT32;
    LoweringCheck.check(
        v -> new MatMul(v.get(0), v.get(1), transposeA, transposeB),
        transposeA ? random(type, 4, 1, 3, 2) : random(type, 4, 1, 2, 3),
        transposeB ? random(type, 5, 6, 3) : random(type, 5, 3, 6));
  }

  @Test
  void productsThatNoFloatHolds() {
    Tensor large = Tensor.ofLongs(ElementType.INT64, Tensors.sizes(2, 2), i -> (1L << 40) + i);
    LoweringCheck.check(v -> new MatMul(v.get(0), v.get(1), false, false), large, large);
  }

  @Test
  void slopes() {
    LoweringCheck.check(
        v -> new ParametricRelu(v.get(0), v.get(1)),
        random(ElementType.INT32, 2, 3, 4),
        random(ElementType.INT32, 3, 1));
  }

  @Test
  void largestAlongAFarAxis() {
    LoweringCheck.check(
        v -> new TopK(v.get(0), new Source.Constant(Tensor.ofLongs(2)).value(), 0, true),
        Tensors.random(1, 3, 2, 2, 2, 2));
  }
}
