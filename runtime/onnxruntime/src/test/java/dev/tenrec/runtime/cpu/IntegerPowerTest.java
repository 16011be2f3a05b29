package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Powers of integers, whose exponents may have another type. */
class IntegerPowerTest {
  /** Bases above 0, because powers of others need not be numbers. */
  @Property(tries = 30)
  void exponentsOfOtherTypes(@ForAll boolean wide, @ForAll long seed) {
    Random random = new Random(seed);
    ElementType type = wide ? ElementType.INT64 : ElementType.INT32;
    Tensor base = Tensor.ofLongs(type, Tensors.sizes(2, 5), _ -> 1 + random.nextInt(12));
    for (ElementType exponent :
        List.of(ElementType.FLOAT32, ElementType.FLOAT64, ElementType.INT32, ElementType.INT64)) {
      boolean halves = exponent.isFloating();
      Tensor by =
          Tensor.ofDoubles(
              exponent,
              Tensors.sizes(5),
              _ -> halves ? random.nextInt(16) / 2.0 : random.nextInt(8));
      Reference.ofNode(18, node("Pow").in("a", "b"), "y").input("a", base).input("b", by).verify();
    }
  }
}
