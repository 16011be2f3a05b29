package dev.tenrec.ir.interpret;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizationTest {
  private static final Granularity ALL = new Granularity.PerTensor();

  private static Tensor quantize(Tensor x, Tensor scale, ElementType to, Granularity granularity) {
    return Evaluation.evaluate(in -> new Quantize(in.get(0), in.get(1), to, granularity), x, scale);
  }

  private static Tensor dequantize(
      Tensor x, Tensor scale, ElementType to, Granularity granularity) {
    return Evaluation.evaluate(
        in -> new Dequantize(in.get(0), in.get(1), to, granularity), x, scale);
  }

  @ParameterizedTest
  @CsvSource({
    "INT8, 1.5, 2", // To even in the middle.
    "INT8, 2.5, 2",
    "INT8, -0.5, 0",
    "INT8, 1000, 127",
    "INT8, -1000, -128",
    "INT8, Infinity, 127",
    "INT4, 7.6, 7",
    "INT4, -9, -8",
    "INT2, 5, 1",
    "INT2, -5, -2",
    "UINT8, -3, 0",
    "UINT8, 300, 255",
    "UINT4, 300, 15",
    "UINT2, 300, 3",
    "INT16, 40000, 32767",
    "UINT16, 70000, 65535",
    "FLOAT8E4M3FN, 17, 16",
    "FLOAT8E4M3FN, 1000, 448",
    "FLOAT8E5M2, -100000, -57344",
    "FLOAT4E2M1, 2.4, 2",
    "FLOAT4E2M1, 100, 6"
  })
  void roundsAndSaturates(ElementType to, double quotient, double expected) {
    Tensor x = Tensor.scalar(ElementType.FLOAT32, quotient / 2);
    Tensor quantized = quantize(x, Tensor.scalar(ElementType.FLOAT32, 0.5), to, ALL);
    assertThat(quantized.elementType()).isEqualTo(to);
    assertThat(quantized.getDouble(0)).isEqualTo(expected);
  }

  /** In float16 the quotient would become 101.5, and then 102. */
  @Test
  void dividesInFloat() {
    Tensor x = Tensor.scalar(ElementType.FLOAT32, 101.49);
    Tensor scale = Tensor.scalar(ElementType.FLOAT16, 1);
    assertThat(quantize(x, scale, ElementType.INT8, ALL).getLong(0)).isEqualTo(101);
  }

  @Test
  void scalesLieAlongAnAxis() {
    Tensor x = Tensors.floats(Tensors.sizes(2, 3), 1, 2, 3, 4, 5, 6);
    Tensor scale = Tensors.floats(1, 0.5, 2);
    Granularity columns = new Granularity.PerAxis(1);
    Tensor quantized = quantize(x, scale, ElementType.INT8, columns);
    assertThat(quantized.toLongs()).containsExactly(1, 4, 2, 4, 10, 3);
    assertThat(dequantize(quantized, scale, ElementType.FLOAT32, columns).toDoubles())
        .containsExactly(1, 2, 4, 4, 5, 6);
  }

  @Test
  void theLastBlockMayBeShorter() {
    Tensor x = Tensors.floats(Tensors.sizes(2, 3), 1, 2, 3, 4, 5, 6);
    Tensor scale = Tensors.floats(Tensors.sizes(2, 2), 1, 0.5, 2, 0.25);
    Granularity pairs = new Granularity.Blocked(1, 2);
    Tensor quantized = quantize(x, scale, ElementType.INT8, pairs);
    assertThat(quantized.toLongs()).containsExactly(1, 2, 6, 2, 2, 24);
    assertThat(dequantize(quantized, scale, ElementType.FLOAT16, pairs).toDoubles())
        .containsExactly(1, 2, 3, 4, 4, 6);
  }

  /** Largest error: half a step. */
  @Property(tries = 200)
  void roundTripsWithinHalfAStep(@ForAll long seed) {
    Tensor x = Tensors.random(seed, 4, 5);
    Tensor scale = Tensor.scalar(ElementType.FLOAT32, 5.0 / 127);
    Tensor quantized = quantize(x, scale, ElementType.INT8, ALL);
    Tensor back = dequantize(quantized, scale, ElementType.FLOAT32, ALL);
    Tensors.assertClose(back, x, 5.0 / 127 / 2 * 1.001, 0);
  }

  @Test
  void wholeNumbersCanBeDequantized() {
    Tensor sums = Tensor.ofLongs(ElementType.INT32, Tensors.sizes(2), i -> i * 100_000L);
    Tensor scale = Tensor.scalar(ElementType.FLOAT32, 0.25);
    assertThat(dequantize(sums, scale, ElementType.FLOAT32, ALL).toDoubles())
        .containsExactly(0, 25_000);
  }

  @Test
  void typesAndSizesMustFit() {
    GraphBuilder graph = new GraphBuilder("g");
    Value x = graph.input("x", TensorType.of(ElementType.FLOAT32, 4, 6));
    Value three = graph.input("three", TensorType.of(ElementType.FLOAT32, 3));
    Value one = graph.input("one", TensorType.of(ElementType.FLOAT32));
    Value byRow = graph.input("byRow", TensorType.of(ElementType.FLOAT32, 4, 3));
    assertThatThrownBy(() -> new Quantize(x, one, ElementType.INT32, ALL).value())
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("int32 is not a type to quantize to");
    assertThatThrownBy(() -> new Quantize(x, three, ElementType.INT8, ALL).value())
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("rank 0");
    Granularity rows = new Granularity.PerAxis(0);
    assertThatThrownBy(() -> new Quantize(x, three, ElementType.INT8, rows).value())
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("one scale for each position along axis 0");
    Granularity fours = new Granularity.Blocked(1, 4);
    assertThatThrownBy(() -> new Quantize(x, byRow, ElementType.INT8, fours).value())
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("block of 4 along axis 1");
    assertThatThrownBy(() -> new Dequantize(x, one, ElementType.FLOAT32, ALL).value())
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("is not quantized");
  }

  @Test
  void sizesAreCheckedAgainAtRunTime() {
    Tensor x = Tensors.random(1, 4, 6);
    Tensor three = Tensors.floats(1, 2, 3);
    GraphBuilder graph = new GraphBuilder("g");
    Value open =
        graph.input("x", new TensorType(ElementType.FLOAT32, Shape.of(Dim.symbol("N"), Dim.of(6))));
    Value scale = graph.input("scale", TensorType.of(ElementType.FLOAT32, 3));
    Quantize op = new Quantize(open, scale, ElementType.INT8, new Granularity.PerAxis(0));
    assertThatThrownBy(() -> Interpreter.evaluate(op, ImmutableList.of(x, three), _ -> 4))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("scales along axis 0");
  }
}
