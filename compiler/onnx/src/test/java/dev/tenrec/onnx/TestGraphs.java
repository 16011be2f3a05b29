package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.node;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;

/** Models that several tests use. */
final class TestGraphs {
  private TestGraphs() {}

  /** Two branches, whose operators have many parameters. */
  static TestModel branches() {
    TensorType image = TensorType.of(ElementType.FLOAT32, 1, 2, 4, 4);
    TestModel yes =
        TestModel.opset(18)
            .node(
                node("Resize")
                    .in("x", "", "", "sizes")
                    .out("big")
                    .with("mode", "linear")
                    .with("coordinate_transformation_mode", "align_corners"))
            .node(
                node("MaxPool")
                    .in("big")
                    .out("a")
                    .with("kernel_shape", ImmutableLongArray.of(2, 2))
                    .with("pads", ImmutableLongArray.of(0, 1, 0, 1)))
            .output("a");
    TestModel no =
        TestModel.opset(18)
            .node(node("Slice").in("x", "starts", "ends", "axes").out("part"))
            .node(node("Pad").in("part", "pads").out("b").with("mode", "reflect"))
            .output("b");
    return TestModel.opset(18)
        .input("x", image)
        .input("flag", TensorType.of(ElementType.BOOL))
        .initializer("sizes", Tensor.ofLongs(1, 2, 5, 5))
        .initializer("starts", Tensor.ofLongs(0, 1))
        .initializer("ends", Tensor.ofLongs(4, 4))
        .initializer("axes", Tensor.ofLongs(2, 3))
        .initializer("pads", Tensor.ofLongs(0, 0, 0, 1, 0, 0, 0, 2))
        .node(
            node("If")
                .in("flag")
                .out("y")
                .with("then_branch", yes.graph())
                .with("else_branch", no.graph()))
        .output("y");
  }

  /** A reversed loop that captures a value, reads a constant and sees an open size. */
  static TestModel loop() {
    TensorType row = new TensorType(ElementType.FLOAT32, Shape.of(Dim.symbol("N"), Dim.of(3)));
    TensorType rows =
        new TensorType(
            ElementType.FLOAT32, Shape.of(Dim.symbol("steps"), Dim.symbol("N"), Dim.of(3)));
    TestModel body =
        TestModel.opset(18)
            .input("sum_in", row)
            .input("x_step", row)
            .node(node("Mul").in("x_step", "scale").out("scaled"))
            .node(node("MatMul").in("scaled", "w").out("product"))
            .node(node("Add").in("sum_in", "product").out("sum_out"))
            .node(node("Tanh").in("sum_out").out("step_out"))
            .output("sum_out", row)
            .output("step_out", row);
    return TestModel.opset(18)
        .input("start", row)
        .input("x", rows)
        .initializer("w", Tensors.random(1, 3, 3))
        .node(node("Exp").in("start").out("scale"))
        .node(
            node("Scan")
                .name("loop")
                .in("start", "x")
                .out("last", "all")
                .with("body", body.graph())
                .with("num_scan_inputs", 1)
                .with("scan_input_directions", ImmutableLongArray.of(1))
                .with("scan_output_directions", ImmutableLongArray.of(1)))
        .output("last", row)
        .output("all", rows);
  }
}
