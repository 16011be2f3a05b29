package dev.tenrec.tensorrt;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Powers of integers, computed by the layers they become. */
class DecomposeIntegerPowerTest {
  private static Tensor longs(ElementType type, long... elements) {
    return Tensor.ofLongs(type, Tensors.sizes(elements.length), i -> elements[i]);
  }

  private static void check(Tensor bases, Tensor exponents) {
    LoweringCheck.check(v -> new Binary(BinaryKind.POW, v.get(0), v.get(1)), bases, exponents);
  }

  @Property(tries = 30)
  void basesThatOverflowOrNot(
      @ForAll boolean wide,
      @ForAll @IntRange(min = -50, max = 50) int base,
      @ForAll @IntRange(min = 0, max = 63) int exponent) {
    ElementType type = wide ? ElementType.INT64 : ElementType.INT32;
    check(longs(type, base, base + 1, 7), longs(type, exponent, 63 - exponent, 2));
  }

  @Property(tries = 30)
  void largeExponentsOfWhatDoesNotOverflow(@ForAll @IntRange(min = 64) int exponent) {
    long next = exponent - 1L;
    check(
        longs(ElementType.INT64, 0, 1, -1, 0, 1, -1),
        longs(ElementType.INT64, exponent, exponent, exponent, next, next, next));
  }

  @Test
  void negativeExponentsLeaveOneOrNothing() {
    check(
        longs(ElementType.INT32, 1, 1, -1, -1, 2, -7, Integer.MAX_VALUE),
        longs(ElementType.INT32, -1, -4, -1, -4, -1, -2, -3));
  }

  @Test
  void aConstantExponent() {
    LoweringCheck.check(
        v ->
            new Binary(
                BinaryKind.POW,
                v.getFirst(),
                new Source.Constant(Tensor.scalar(ElementType.INT64, 3)).value()),
        longs(ElementType.INT64, -3, 0, 5, 1_000_000));
  }
}
