package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.proto.AttributeProto;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an operator changed its form between opsets, both forms compute the same. */
class OpsetVersionsTest {
  private static final Tensor X = Tensors.random(3, 2, 1, 4, 3);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void axesAreAnAttributeThenAnInput() {
    assertSame(
        TestModel.opset(11).node(node("Squeeze").in("x").out("y").with("axes", ints(-3))),
        TestModel.opset(13).initializer("p", longs(1)).node(node("Squeeze").in("x", "p").out("y")));
    assertSame(
        TestModel.opset(11).node(node("Unsqueeze").in("x").out("y").with("axes", ints(-1, 0))),
        TestModel.opset(13)
            .initializer("p", longs(0, 5))
            .node(node("Unsqueeze").in("x", "p").out("y")));
    assertSame(
        TestModel.opset(12).node(node("ReduceSum").in("x").out("y").with("axes", ints(-1, 0))),
        TestModel.opset(13)
            .initializer("p", longs(0, 3))
            .node(node("ReduceSum").in("x", "p").out("y")));
    assertSame(
        TestModel.opset(17).node(node("ReduceMean").in("x").out("y").with("axes", ints(2))),
        TestModel.opset(18)
            .initializer("p", longs(2))
            .node(node("ReduceMean").in("x", "p").out("y")));
  }

  @Test
  void reductionsWithoutAxesTakeAllOrNone() {
    Tensor all =
        run(TestModel.opset(18).node(node("ReduceMax").in("x").out("y").with("keepdims", 0)));
    assertThat(all.rank()).isZero();
    Tensor none =
        run(
            TestModel.opset(18)
                .node(node("ReduceMax").in("x").out("y").with("noop_with_empty_axes", 1)));
    assertThat(none).isEqualTo(X);
  }

  @Test
  void slicesByAttributesThenByInputs() {
    assertSame(
        TestModel.opset(9)
            .node(
                node("Slice")
                    .in("x")
                    .out("y")
                    .with("starts", ints(1, -2))
                    .with("ends", ints(1000, 2))
                    .with("axes", ints(2, 3))),
        TestModel.opset(10)
            .initializer("starts", longs(1, -2))
            .initializer("ends", longs(1000, 2))
            .initializer("axes", longs(-2, -1))
            .node(node("Slice").in("x", "starts", "ends", "axes").out("y")));
  }

  @Test
  void splitsByAttributeThenByInput() {
    assertSame(
        TestModel.opset(11)
            .node(node("Split").in("x").out("a", "y").with("axis", -2).with("split", ints(3, 1))),
        TestModel.opset(13)
            .initializer("sizes", longs(3, 1))
            .node(node("Split").in("x", "sizes").out("a", "y").with("axis", 2)));
    assertSame(
        TestModel.opset(11)
            .node(node("Split").in("x").out("a", "y").with("axis", 3).with("split", ints(2, 1))),
        TestModel.opset(18)
            .node(node("Split").in("x").out("a", "y").with("axis", 3).with("num_outputs", 2)));
  }

  @Test
  void padsByAttributesThenByInputs() {
    assertSame(
        TestModel.opset(10)
            .node(
                node("Pad")
                    .in("x")
                    .out("y")
                    .with("pads", ints(0, 0, 1, 0, 0, 0, 0, 2))
                    .with("value", 1.5)),
        TestModel.opset(11)
            .initializer("pads", longs(0, 0, 1, 0, 0, 0, 0, 2))
            .initializer("fill", Tensor.scalar(ElementType.FLOAT32, 1.5))
            .node(node("Pad").in("x", "pads", "fill").out("y")));
    assertSame(
        TestModel.opset(11)
            .initializer("pads", longs(0, 0, 1, 0, 0, 0, 0, 2))
            .node(node("Pad").in("x", "pads").out("y")),
        TestModel.opset(18)
            .initializer("pads", longs(0, 1, 2, 0))
            .initializer("axes", longs(-1, 2))
            .node(node("Pad").in("x", "pads", "", "axes").out("y")));
  }

  @Test
  void clipsByAttributesThenByInputs() {
    assertSame(
        TestModel.opset(6).node(node("Clip").in("x").out("y").with("min", -0.5).with("max", 0.25)),
        TestModel.opset(11)
            .initializer("low", Tensor.scalar(ElementType.FLOAT32, -0.5))
            .initializer("high", Tensor.scalar(ElementType.FLOAT32, 0.25))
            .node(node("Clip").in("x", "low", "high").out("y")));
  }

  /** Before opset 13, softmax ran over all dimensions from its axis on. */
  @Test
  void softmaxIsOverOneMatrixThenOverOneAxis() {
    assertSame(
        TestModel.opset(12).node(node("Softmax").in("x").out("y").with("axis", 2)),
        TestModel.opset(13)
            .initializer("rows", longs(2, 12))
            .initializer("shape", longs(2, 1, 4, 3))
            .node(node("Reshape").in("x", "rows").out("flat"))
            .node(node("Softmax").in("flat").out("soft").with("axis", 1))
            .node(node("Reshape").in("soft", "shape").out("y")));
    assertSame(
        TestModel.opset(12).node(node("LogSoftmax").in("x").out("y").with("axis", 3)),
        TestModel.opset(13).node(node("LogSoftmax").in("x").out("y")));
  }

  @Test
  void topKHasItsCountAsAttributeThenAsInput() {
    assertSame(
        TestModel.opset(9).node(node("TopK").in("x").out("y", "i").with("k", 2)),
        TestModel.opset(11)
            .initializer("k", longs(2))
            .node(node("TopK").in("x", "k").out("y", "i").with("largest", 1)));
  }

  @Test
  void operandsAreAlignedByAnAttributeThenAtTheEnd() {
    assertSame(
        TestModel.opset(6)
            .initializer("w", Tensors.random(1, 4))
            .node(node("Add").in("x", "w").out("y").with("broadcast", 1).with("axis", 2)),
        TestModel.opset(7)
            .initializer("w", Tensors.random(1, 4, 1))
            .node(node("Add").in("x", "w").out("y")));
  }

  @Test
  void upsampleBecomesResize() {
    AttributeProto.Builder scales =
        AttributeProto.newBuilder()
            .setName("scales")
            .setType(AttributeProto.AttributeType.FLOATS)
            .addFloats(1)
            .addFloats(1)
            .addFloats(2)
            .addFloats(3);
    Tensor factors = Tensors.floats(1, 1, 2, 3);
    assertSame(
        TestModel.opset(8).node(node("Upsample").in("x").out("y").with(scales)),
        TestModel.opset(9)
            .initializer("scales", factors)
            .node(node("Upsample").in("x", "scales").out("y")));
    assertSame(
        TestModel.opset(10)
            .initializer("scales", factors)
            .node(node("Resize").in("x", "scales").out("y").with("mode", "linear")),
        TestModel.opset(13)
            .initializer("sizes", longs(2, 1, 8, 9))
            .node(
                node("Resize")
                    .in("x", "", "", "sizes")
                    .out("y")
                    .with("mode", "linear")
                    .with("coordinate_transformation_mode", "asymmetric")));
    assertSame(
        TestModel.opset(13)
            .initializer("scales", factors)
            .node(node("Resize").in("x", "", "scales").out("y")),
        TestModel.opset(18)
            .initializer("scales", Tensors.floats(3, 2))
            .node(node("Resize").in("x", "", "scales").out("y").with("axes", ints(3, 2))));
  }

  @Test
  void groupNormalizationScalesGroupsThenChannels() {
    TensorType type = TensorType.of(ElementType.FLOAT32, 2, 4, 3);
    Tensor x = Tensors.random(type, 5);
    Tensor perGroup =
        run(
            x,
            TestModel.opset(18)
                .initializer("scale", Tensors.floats(2, 3))
                .initializer("bias", Tensors.floats(0, 1))
                .node(
                    node("GroupNormalization")
                        .in("x", "scale", "bias")
                        .out("y")
                        .with("num_groups", 2)));
    Tensor perChannel =
        run(
            x,
            TestModel.opset(21)
                .initializer("scale", Tensors.floats(2, 2, 3, 3))
                .initializer("bias", Tensors.floats(0, 0, 1, 1))
                .node(
                    node("GroupNormalization")
                        .in("x", "scale", "bias")
                        .out("y")
                        .with("num_groups", 2)));
    Tensors.assertClose(perGroup, perChannel, 1e-6, 1e-6);
  }

  @Test
  void dropoutDoesNothing() {
    assertThat(run(TestModel.opset(7).node(node("Dropout").in("x").out("y").with("ratio", 0.5))))
        .isEqualTo(X);
    assertThat(
            run(
                TestModel.opset(13)
                    .initializer("ratio", Tensor.scalar(ElementType.FLOAT32, 0.5))
                    .node(node("Dropout").in("x", "ratio").out("y"))))
        .isEqualTo(X);
  }

  private static Tensor longs(long... elements) {
    return Tensor.ofLongs(elements);
  }

  private void assertSame(TestModel older, TestModel newer) {
    Tensors.assertClose(run(older), run(newer), 0, 1e-6);
  }

  private Tensor run(TestModel model) {
    return run(X, model);
  }

  private Tensor run(Tensor x, TestModel model) {
    TensorType type = TensorType.of(x);
    Graph graph = OnnxImporter.read(model.input("x", type).output("y").write(folder));
    return Interpreter.of(graph).run(Map.of("x", x)).values().iterator().next();
  }
}
