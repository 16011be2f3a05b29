package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What quantization becomes: operations of the IR, or arithmetic. */
class QuantizationImportTest {
  private static final TensorType X = TensorType.of(ElementType.FLOAT32, 3, 4);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private Graph read(TestModel model) {
    return OnnxImporter.read(model.output("y").write(folder));
  }

  private static <T extends Op> List<T> operations(Graph graph, Class<T> kind) {
    return graph.nodes().stream()
        .filter(node -> kind.isInstance(node.op()))
        .map(node -> kind.cast(node.op()))
        .toList();
  }

  private static TestModel model(Tensor scale, Tensor zeroPoint, TestModel.Node node) {
    return TestModel.opset(21)
        .input("x", X)
        .initializer("s", scale)
        .initializer("z", zeroPoint)
        .node(node.in("x", "s", "z").out("y"));
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "INT4", "FLOAT8E4M3FN", "FLOAT8E5M2"})
  void zerosAreNoZeroPoints(ElementType type) {
    Tensor zeros = Tensor.ofLongs(type, ints(4), _ -> 0);
    Graph graph =
        read(model(Tensors.floats(1, 2, 3, 4), zeros, node("QuantizeLinear").with("axis", -1)));
    assertThat(graph.outputs().getFirst().value().producedBy(Quantize.class).orElseThrow())
        .extracting(Quantize::to, Quantize::granularity)
        .containsExactly(type, new Granularity.PerAxis(1));
  }

  @Test
  void oneScaleInAVectorIsAScalar() {
    Tensor zero = Tensor.ofLongs(ElementType.INT8, ints(1), _ -> 0);
    Graph graph = read(model(Tensors.floats(0.5), zero, node("QuantizeLinear")));
    Quantize op = operations(graph, Quantize.class).getFirst();
    assertThat(op.granularity()).isEqualTo(new Granularity.PerTensor());
    assertThat(op.scale().rank()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"INT8, 3", "UINT8, 0", "INT16, 0", "UINT4, 7"})
  void restIsArithmetic(ElementType type, long zeroPoint) {
    Tensor zero = Tensor.ofLongs(type, ints(), _ -> zeroPoint);
    Tensor scale = Tensor.scalar(ElementType.FLOAT32, 0.5);
    Graph graph = read(model(scale, zero, node("QuantizeLinear")));
    assertThat(operations(graph, Quantization.class)).isEmpty();
    Tensor x = Tensors.floats(Tensors.sizes(3, 4), 0, 1, 2, 3, 4, 5, 6, 0.2, 0.7, 0.8, 1.1, 1.2);
    Tensor y = Objects.requireNonNull(Interpreter.of(graph).run(ImmutableMap.of("x", x)).get("y"));
    assertThat(y.elementType()).isEqualTo(type);
    for (int i = 0; i < 12; i++) {
      long expected = (long) Math.rint(x.getDouble(i) / 0.5) + zeroPoint;
      assertThat(y.getLong(i)).isEqualTo(Math.min(expected, type == ElementType.UINT4 ? 15 : 99));
    }
  }

  @Test
  void blocksNeedNotBeWhole() {
    Tensor scales = Tensors.random(1, 3, 2);
    Graph graph =
        read(
            TestModel.opset(21)
                .input("x", TensorType.of(ElementType.INT8, 3, 5))
                .initializer("s", scales)
                .node(
                    node("DequantizeLinear")
                        .in("x", "s")
                        .out("y")
                        .with("axis", 1)
                        .with("block_size", 3)));
    assertThat(operations(graph, Dequantize.class).getFirst().granularity())
        .isEqualTo(new Granularity.Blocked(1, 3));
  }

  @Test
  void halfPrecisionIsWrittenAtOnce() {
    Graph graph =
        read(
            TestModel.opset(23)
                .input("x", TensorType.of(ElementType.INT8, 3, 5))
                .initializer("s", Tensor.scalar(ElementType.FLOAT32, 0.5))
                .node(node("DequantizeLinear").in("x", "s").out("y").with("output_dtype", 10)));
    assertThat(operations(graph, Dequantize.class).getFirst().to()).isEqualTo(ElementType.FLOAT16);
  }

  /** 9 products of at most 255^2 need no more than float32 counts; 900 do. */
  @ParameterizedTest
  @CsvSource({"1, 1", "100, 2", "1000, 4"})
  void longSumsAreSplit(long channels, int products) {
    Graph graph =
        read(
            TestModel.opset(21)
                .input("x", TensorType.of(ElementType.UINT8, 1, channels, 3, 3))
                .input("w", TensorType.of(ElementType.UINT8, 2, channels, 3, 3))
                .initializer("z", Tensor.scalar(ElementType.UINT8, 128))
                .node(node("ConvInteger").in("x", "w", "", "z").out("y")));
    assertThat(operations(graph, Conv.class))
        .hasSize(products)
        .allMatch(conv -> conv.x().elementType() == ElementType.FLOAT32);
  }

  @Test
  void weightsOfFewBitsStayInThem() {
    Graph graph = read(weights(node("MatMulNBits").in("x", "w", "s")));
    Dequantize op = operations(graph, Dequantize.class).getFirst();
    assertThat(op.x().type()).isEqualTo(TensorType.of(ElementType.INT4, 3, 30));
    assertThat(op.granularity()).isEqualTo(new Granularity.Blocked(1, 16));
  }

  @Test
  void weightsInAnotherOrderAreRefused() {
    assertThatThrownBy(() ->
            read(
                weights(node("MatMulNBits").in("x", "w", "s", "", "order"))
                    .initializer("order", Tensor.ofLongs(1))))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("g_idx");
  }

  private static TestModel weights(TestModel.Node node) {
    return TestModel.opset(21)
        .input("x", TensorType.of(ElementType.FLOAT32, 2, 30))
        .initializer("w", Tensor.ofLongs(ElementType.UINT8, ints(3, 2, 8), i -> i * 7L))
        .initializer("s", Tensors.random(1, 3, 2))
        .node(
            node.domain("com.microsoft")
                .out("y")
                .with("K", 30)
                .with("N", 3)
                .with("bits", 4)
                .with("block_size", 16));
  }
}
