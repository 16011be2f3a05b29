package dev.tenrec.ir.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.BitCast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BitOperationsTest {
  @ParameterizedTest
  @CsvSource({
    "UINT8, BIT_AND, 12, 10, 8",
    "INT8, BIT_AND, -1, 10, 10",
    "INT16, BIT_OR, -32768, 5, -32763",
    "UINT64, BIT_XOR, -1, 1, -2",
    "INT4, BIT_XOR, -8, 7, -1",
    "UINT8, SHIFT_LEFT, 129, 1, 2",
    "UINT8, SHIFT_LEFT, 255, 8, 0",
    "UINT64, SHIFT_LEFT, 1, 63, -9223372036854775808",
    "UINT64, SHIFT_LEFT, 1, 64, 0",
    "UINT64, SHIFT_RIGHT, -1, 60, 15",
    "UINT64, SHIFT_RIGHT, -1, 64, 0",
    "UINT16, SHIFT_RIGHT, 65535, 12, 15",
    "INT32, SHIFT_RIGHT, -8, 1, -4",
    "INT32, SHIFT_RIGHT, -8, 40, -1",
    "INT8, SHIFT_RIGHT, 100, -1, 0",
    "INT64, SHIFT_LEFT, -1, 65, 0"
  })
  void ofTwoIntegers(ElementType type, BinaryKind kind, long a, long b, long expected) {
    Tensor result =
        Evaluation.evaluate(
            in -> new Binary(kind, in.get(0), in.get(1)), scalar(type, a), scalar(type, b));
    assertThat(result).isEqualTo(scalar(type, expected));
  }

  private static Tensor scalar(ElementType type, long number) {
    return Tensor.ofLongs(type, Tensors.sizes(), _ -> number);
  }

  @Test
  void allBitsAreFlipped() {
    assertThat(not(scalar(ElementType.INT8, 5)).getLong(0)).isEqualTo(-6);
    assertThat(not(scalar(ElementType.UINT16, 5)).getLong(0)).isEqualTo(65530);
    assertThat(not(scalar(ElementType.UINT4, 5)).getLong(0)).isEqualTo(10);
  }

  private static Tensor not(Tensor x) {
    return Evaluation.evaluate(in -> new Unary(UnaryKind.BIT_NOT, in.getFirst()), x);
  }

  @Test
  void onlyIntegersHaveBits() {
    Value x = new GraphBuilder("g").input("x", TensorType.of(ElementType.FLOAT32, 1));
    assertThatThrownBy(() -> new Unary(UnaryKind.BIT_NOT, x).value())
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("BIT_NOT does not take float[1]");
    assertThatThrownBy(() -> new Binary(BinaryKind.BIT_OR, x, x).value())
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("BIT_OR does not take float[1]");
  }

  @Property(tries = 100)
  void castsOfBitsCanBeUndone(@ForAll long seed) {
    Random random = new Random(seed);
    Tensor bits = Tensor.ofLongs(ElementType.INT32, Tensors.sizes(4), _ -> random.nextInt());
    Tensor floats =
        Evaluation.evaluate(in -> new BitCast(in.getFirst(), ElementType.FLOAT32), bits);
    assertThat(
            Float.floatToRawIntBits((float) floats.getDouble(0)) == (int) bits.getLong(0)
                || Double.isNaN(floats.getDouble(0)))
        .isTrue();
    assertThat(Evaluation.evaluate(in -> new BitCast(in.getFirst(), ElementType.INT32), floats))
        .isEqualTo(bits);
  }

  @Test
  void castsOfBitsKeepTheWidth() {
    Value x = new GraphBuilder("g").input("x", TensorType.of(ElementType.FLOAT32, 1));
    assertThatThrownBy(() -> new BitCast(x, ElementType.INT16).value())
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("int16 is not as wide as float[1]");
  }
}
