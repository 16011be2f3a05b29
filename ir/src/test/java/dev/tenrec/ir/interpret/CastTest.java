package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.testing.Tensors.bools;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CastTest {
  private static Tensor cast(Tensor x, ElementType to) {
    return Evaluation.evaluate(v -> new Cast(v.getFirst(), to), x);
  }

  /** The numbers that ONNX Runtime 1.29 gives for float32 on x86-64. */
  @ParameterizedTest
  @CsvSource({
    "1.9, UINT8, 1",
    "-1.9, INT8, -1",
    "-1.9, UINT8, 255",
    "300, UINT8, 44",
    "128, INT8, -128",
    "-129, INT8, 127",
    "1e9, INT8, 0",
    "3e9, INT8, 0",
    "NaN, UINT8, 0",
    "40000, INT16, -25536",
    "-40000, UINT16, 25536",
    "Infinity, UINT16, 0",
    "2147483648, INT32, -2147483648",
    "-3e9, INT32, -2147483648",
    "NaN, INT32, -2147483648",
    "3e9, UINT32, 3000000000",
    "5e9, UINT32, 705032704",
    "-1, UINT32, 4294967295",
    "1e20, UINT32, 0",
    "9.3e18, INT64, -9223372036854775808",
    "NaN, INT64, -9223372036854775808",
    "1e15, INT64, 999999986991104",
    "1e19, UINT64, -8446744093203103744",
    "1e20, UINT64, 0",
    "-1, UINT64, -1",
    "-Infinity, UINT64, -9223372036854775808",
    "0.1, BOOL, 1",
    "NaN, BOOL, 1",
    "-0.0, BOOL, 0"
  })
  void numbersAreCutOff(float number, ElementType to, long expected) {
    Tensor x = Tensor.ofFloats(sizes(1), number);
    assertThat(cast(x, to)).isEqualTo(Tensor.ofLongs(to, sizes(1), _ -> expected));
  }

  @Test
  void integersWrapAndBooleansAreZeroOrOne() {
    Tensor x = Tensor.ofLongs(300, -1, 0);
    assertThat(cast(x, ElementType.UINT8).toLongs()).containsExactly(44, 255, 0);
    assertThat(cast(x, ElementType.BOOL)).isEqualTo(bools(true, true, false));
    assertThat(cast(bools(true, false), ElementType.FLOAT32)).isEqualTo(Tensors.floats(1, 0));
    assertThat(cast(bools(true, false), ElementType.INT64)).isEqualTo(Tensor.ofLongs(1, 0));
    Tensor unsigned = Tensor.ofLongs(ElementType.UINT32, sizes(1), _ -> -1);
    assertThat(cast(unsigned, ElementType.INT64)).isEqualTo(Tensor.ofLongs(4294967295L));
    Tensor largest = Tensor.ofLongs(ElementType.UINT64, sizes(1), _ -> -1);
    assertThat(cast(largest, ElementType.FLOAT32).getDouble(0)).isEqualTo(0x1p64);
    assertThat(cast(Tensor.ofLongs(9, -9), ElementType.INT4).toLongs()).containsExactly(-7, 7);
  }

  @Property
  void floatsAreCutOffAsInJavaWhereTheyFit(@ForAll int value, @ForAll float fraction) {
    float number = value + fraction % 1;
    Tensor x = Tensor.ofFloats(sizes(1), number);
    boolean fits = number >= Integer.MIN_VALUE && number < 0x1p31;
    assertThat(cast(x, ElementType.INT64).getLong(0)).isEqualTo((long) number);
    assertThat(cast(x, ElementType.INT32).getLong(0))
        .isEqualTo(fits ? (int) number : Integer.MIN_VALUE);
  }

  @Property
  void narrowFloatsComeBackUnchanged(@ForAll short bits) {
    for (ElementType type : new ElementType[] {ElementType.FLOAT16, ElementType.BFLOAT16}) {
      Tensor x = Tensor.ofBits(type, sizes(1), _ -> bits);
      Tensor back = cast(cast(x, ElementType.FLOAT32), type);
      assertThat(Double.isNaN(x.getDouble(0)) || back.equals(x)).isTrue();
    }
  }

  @Property
  void largeIntegersAreRoundedOnce(@ForAll long value) {
    assertThat((float) cast(Tensor.ofLongs(value), ElementType.FLOAT32).getDouble(0))
        .isEqualTo((float) value);
  }
}
