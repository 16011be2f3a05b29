package dev.tenrec.tensorrt;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Quotients and remainders of integers that no float holds, with all signs. */
class IntegerDivisionTest {
  private static Tensor numbers(ElementType type, long... elements) {
    return Tensor.ofLongs(type, Tensors.sizes(elements.length), i -> elements[i]);
  }

  private static void check(BinaryKind kind, Tensor a, Tensor b) {
    LoweringCheck.check(v -> new Binary(kind, v.get(0), v.get(1)), a, b);
  }

  @ParameterizedTest
  @EnumSource(
      value = BinaryKind.class,
      names = {"DIV", "FLOOR_DIV", "MOD", "FMOD"})
  void edges(BinaryKind kind) {
    check(
        kind,
        numbers(ElementType.INT32, 7, -7, 7, -7, 6, -6, 0, Integer.MAX_VALUE, Integer.MIN_VALUE),
        numbers(ElementType.INT32, 2, 2, -2, -2, 3, -3, -5, 2, 3));
    check(
        kind,
        numbers(ElementType.INT64, Long.MAX_VALUE, Long.MIN_VALUE, Long.MAX_VALUE, (1L << 53) + 1),
        numbers(ElementType.INT64, 3, 7, Long.MIN_VALUE, -2));
  }

  @Property(tries = 40)
  void anyNumbers(@ForAll int a, @ForAll long wide, @ForAll int b) {
    long divisor = b == 0 || b == -1 ? 1 : b;
    for (BinaryKind kind : new BinaryKind[] {BinaryKind.FLOOR_DIV, BinaryKind.MOD}) {
      check(kind, numbers(ElementType.INT32, a), numbers(ElementType.INT32, divisor));
      check(kind, numbers(ElementType.INT64, wide), numbers(ElementType.INT64, divisor));
    }
  }
}
