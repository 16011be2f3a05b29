package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Recurrent operators and loops. */
class RecurrentOperatorsTest {
  private static final long STEPS = 4;
  private static final long BATCH = 2;
  private static final long INPUT = 3;
  private static final long HIDDEN = 5;

  /** What a recurrent node has; the rest is left out. */
  record Layer(String direction, boolean bias, boolean lengths, boolean initial, boolean variant) {
    int directions() {
      return direction.equals("bidirectional") ? 2 : 1;
    }
  }

  @Provide
  Arbitrary<Layer> layers() {
    return Combinators.combine(
            Arbitraries.of("forward", "reverse", "bidirectional"),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false),
            Arbitraries.of(true, false))
        .as(Layer::new);
  }

  @Property(tries = 40)
  void gru(@ForAll("layers") Layer layer, @ForAll long seed) {
    TestModel.Node node = node("GRU").with("linear_before_reset", layer.variant ? 1 : 0);
    recurrent(layer, inputs(node, layer), 3, seed, "y", "y_h").verify();
  }

  @Property(tries = 40)
  void rnn(@ForAll("layers") Layer layer, @ForAll long seed) {
    String function = layer.variant ? "Relu" : "Tanh";
    TestModel.Node node =
        node("RNN").with("activations", Collections.nCopies(layer.directions(), function));
    recurrent(layer, inputs(node, layer), 1, seed, "y", "y_h").verify();
  }

  @Property(tries = 40)
  void lstm(@ForAll("layers") Layer layer, @ForAll long seed) {
    int directions = layer.directions();
    TestModel.Node node = inputs(node("LSTM"), layer);
    if (layer.variant) {
      node.in(layer.initial ? "c" : "", "p");
    } else if (layer.initial) {
      node.in("c");
    }
    recurrent(layer, node, 4, seed, "y", "y_h", "y_c")
        .constant("c", small(seed + 5, directions, BATCH, HIDDEN))
        .constant("p", small(seed + 6, directions, 3 * HIDDEN))
        .verify();
  }

  private static TestModel.Node inputs(TestModel.Node node, Layer layer) {
    return node.in("x", "w", "r", layer.bias ? "b" : "", layer.lengths ? "lengths" : "")
        .in(layer.initial ? "h" : "")
        .with("hidden_size", HIDDEN)
        .with("direction", layer.direction);
  }

  /** The number of steps and the batch are open. */
  private static Reference recurrent(
      Layer layer, TestModel.Node node, int gates, long seed, String... outputs) {
    int directions = layer.directions();
    TensorType type =
        new TensorType(
            ElementType.FLOAT32, Shape.of(Dim.symbol("T"), Dim.symbol("N"), Dim.of(INPUT)));
    Tensor lengths = Tensor.ofLongs(ElementType.INT32, ints(BATCH), i -> STEPS - i);
    return Reference.ofNode(14, node, outputs)
        .input("x", type, Tensors.random(seed, STEPS, BATCH, INPUT))
        .constant("w", small(seed + 1, directions, gates * HIDDEN, INPUT))
        .constant("r", small(seed + 2, directions, gates * HIDDEN, HIDDEN))
        .constant("b", small(seed + 3, directions, 2L * gates * HIDDEN))
        .constant("h", small(seed + 4, directions, BATCH, HIDDEN))
        .constant("lengths", lengths)
        .within(1e-4);
  }

  @Property(tries = 30)
  void scan(
      @ForAll boolean reverseIn,
      @ForAll boolean reverseOut,
      @ForAll boolean secondAxis,
      @ForAll long seed) {
    TensorType row = TensorType.of(ElementType.FLOAT32, 3);
    TestModel body =
        TestModel.opset(18)
            .input("sum", row)
            .input("a_step", row)
            .input("b_step", row)
            .node(node("Add").in("sum", "a_step").out("partial"))
            .node(node("Mul").in("partial", "b_step").out("next"))
            .node(node("Add").in("next", "outside").out("step"))
            .output("next", row)
            .output("step", row);
    Reference.ofNode(
            18,
            node("Scan")
                .in("start", "a", "b")
                .with("body", body.graph())
                .with("num_scan_inputs", 2)
                .with("scan_input_directions", ints(reverseIn ? 1 : 0, 0))
                .with("scan_input_axes", ints(0, secondAxis ? 1 : 0))
                .with("scan_output_directions", ints(reverseOut ? 1 : 0))
                .with("scan_output_axes", ints(secondAxis ? 1 : 0)),
            "last",
            "all")
        .input("start", Tensors.random(seed, 3))
        .input("a", Tensors.random(seed + 1, 3, 3))
        .input("b", Tensors.random(seed + 2, 3, 3))
        .input("outside", Tensors.random(seed + 3, 3))
        .within(1e-4)
        .verify();
  }

  /** Weights as they are in practice: not so large that functions saturate. */
  private static Tensor small(long seed, long... sizes) {
    Random random = new Random(seed);
    return Tensor.ofDoubles(
        ElementType.FLOAT32, Tensors.sizes(sizes), _ -> random.nextGaussian() / 2);
  }

  /** The scaled sizes are whole: elsewhere, ONNX Runtime aligns corners in its own way. */
  @Property(tries = 100)
  void resize(
      @ForAll("resizeModes") List<String> modes,
      @ForAll("scales") double height,
      @ForAll("scales") double width,
      @ForAll boolean bySizes,
      @ForAll long seed) {
    TestModel.Node node =
        node("Resize")
            .in("x", "", bySizes ? "" : "scales")
            .with("mode", modes.get(0))
            .with("coordinate_transformation_mode", modes.get(1))
            .with("nearest_mode", modes.get(2));
    Reference.ofNode(13, bySizes ? node.in("sizes") : node, "y")
        .input("x", Tensors.random(seed, 1, 2, 4, 8))
        .constant("scales", Tensors.floats(1, 1, height, width))
        .constant("sizes", Tensor.ofLongs(1, 2, (long) (4 * height), (long) (8 * width)))
        .within(1e-4)
        .verify();
  }

  @Provide
  Arbitrary<Double> scales() {
    return Arbitraries.of(0.5, 0.75, 1.0, 1.5, 2.0, 3.0);
  }

  @Provide
  Arbitrary<List<String>> resizeModes() {
    return Combinators.combine(
            Arbitraries.of("nearest", "linear", "cubic"),
            Arbitraries.of("half_pixel", "asymmetric", "align_corners", "pytorch_half_pixel"),
            Arbitraries.of("round_prefer_floor", "round_prefer_ceil", "floor", "ceil"))
        .as(List::of);
  }
}
