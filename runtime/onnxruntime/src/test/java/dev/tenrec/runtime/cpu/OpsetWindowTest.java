package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.onnx.TestModel;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Convolution, pooling, normalization and matrix products in the forms of all opsets. */
class OpsetWindowTest {
  private static long[] numbers(Draw draw, int count, int least, int most) {
    return LongStream.generate(() -> draw.between(least, most)).limit(count).toArray();
  }

  private static long[] input(Draw draw, int spatial) {
    return LongStream.concat(
            LongStream.of(draw.between(1, 2), 2), LongStream.of(numbers(draw, spatial, 6, 9)))
        .toArray();
  }

  private static void padding(Draw draw, TestModel.Node node, int spatial) {
    switch (draw.between(0, 3)) {
      case 0 -> node.with("auto_pad", draw.of("SAME_UPPER", "SAME_LOWER", "VALID"));
      case 1, 2 -> node.with("pads", ints(numbers(draw, 2 * spatial, 0, 1)));
      default -> {}
    }
  }

  @Property(tries = 500)
  void convolution(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int spatial = draw.between(1, 3);
    int group = draw.between(1, 2);
    long[] kernel = numbers(draw, spatial, 1, 3);
    long[] weights =
        LongStream.concat(LongStream.of(4, 2 / group), LongStream.of(kernel)).toArray();
    TestModel.Node node = node("Conv").in("x", "w").with("group", group);
    padding(draw, node, spatial);
    if (draw.flip()) {
      node.with("strides", ints(numbers(draw, spatial, 1, 2)));
    }
    if (draw.flip()
        && node.proto().getAttributeList().stream()
            .noneMatch(a -> a.getName().equals("auto_pad"))) {
      node.with("dilations", ints(numbers(draw, spatial, 1, 2)));
    }
    Reference reference = Reference.ofNode(opset, node, "y");
    if (draw.flip()) {
      node.in("b");
      reference.constant("b", draw.floats(4));
    }
    reference
        .input("x", draw.floats(input(draw, spatial)))
        .constant("w", draw.floats(weights))
        .within(1e-4)
        .verify();
  }

  /** Rounding up and dilations of the largest came with opset 10, dilations of averages with 19. */
  @Property(tries = 1500)
  void pooling(@ForAll @LongRange(min = 7, max = 22) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int spatial = draw.between(1, 3);
    String operator = draw.of("MaxPool", "AveragePool", "LpPool");
    boolean explicit = draw.flip();
    TestModel.Node node =
        node(operator).in("x").with("kernel_shape", ints(numbers(draw, spatial, 2, 3)));
    if (explicit) {
      node.with("pads", ints(numbers(draw, 2 * spatial, 0, 1)));
    } else {
      padding(draw, node, spatial);
    }
    if (draw.flip()) {
      node.with("strides", ints(numbers(draw, spatial, 1, 2)));
    }
    boolean since =
        switch (operator) {
          case "MaxPool" -> draw.since(10);
          case "AveragePool" -> draw.since(19);
          default -> draw.since(18);
        };
    if (explicit && since && draw.flip()) {
      node.with("dilations", ints(numbers(draw, spatial, 1, 2)));
    }
    if (operator.equals("AveragePool") && draw.flip()) {
      node.with("count_include_pad", draw.between(0, 1));
    }
    if (operator.equals("LpPool") && draw.flip()) {
      node.with("p", draw.between(1, 3));
    }
    Reference.ofNode(opset, node, "y")
        .input("x", draw.positive(input(draw, spatial)))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 400)
  void poolingRoundedUp(@ForAll @LongRange(min = 10, max = 18) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int spatial = draw.between(1, 2);
    TestModel.Node node =
        node(draw.of("MaxPool", "AveragePool"))
            .in("x")
            .with("ceil_mode", 1)
            .with("kernel_shape", ints(numbers(draw, spatial, 2, 3)))
            .with("strides", ints(numbers(draw, spatial, 1, 2)));
    if (draw.flip()) {
      node.with("pads", ints(numbers(draw, 2 * spatial, 0, 1)));
    }
    Reference.ofNode(opset, node, "y")
        .input("x", draw.positive(input(draw, spatial)))
        .within(1e-4)
        .verify();
  }

  /** ONNX Runtime has no GlobalLpPool of opset 22. */
  @Property(tries = 300)
  void global(@ForAll @LongRange(min = 7, max = 21) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    TestModel.Node node =
        node(draw.of("GlobalMaxPool", "GlobalAveragePool", "GlobalLpPool")).in("x");
    if (node.proto().getOpType().equals("GlobalLpPool") && draw.flip()) {
      node.with("p", draw.between(1, 3));
    }
    Reference.ofNode(opset, node, "y")
        .input("x", draw.positive(input(draw, draw.between(1, 3))))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 500)
  void normalization(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    boolean batch = draw.flip();
    TestModel.Node node =
        batch
            ? node("BatchNormalization").in("x", "scale", "bias", "mean", "var")
            : node("InstanceNormalization").in("x", "scale", "bias");
    if (draw.flip()) {
      node.with("epsilon", draw.between(0.001, 0.1));
    }
    if (batch && draw.flip()) {
      node.with("momentum", 0.7);
    }
    Reference reference =
        Reference.ofNode(opset, node, "y")
            .input("x", draw.floats(input(draw, draw.between(1, 3))))
            .constant("scale", draw.floats(2))
            .constant("bias", draw.floats(2));
    if (batch) {
      reference.constant("mean", draw.floats(2)).constant("var", draw.positive(2));
    }
    reference.within(1e-4).verify();
  }

  @Property(tries = 300)
  void acrossChannels(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    TestModel.Node node =
        node("LRN").in("x").with("size", draw.of(1, 3, 5)).with("alpha", draw.between(0.0, 1.0));
    if (draw.flip()) {
      node.with("beta", draw.between(0.1, 1.0)).with("bias", draw.between(0.5, 2.0));
    }
    Reference.ofNode(opset, node, "y").input("x", draw.floats(draw.sizes(4))).within(1e-4).verify();
    TestModel.Node norm = node("LpNormalization").in("x").with("p", draw.between(1, 2));
    norm.with("axis", draw.between(-1, 2));
    Reference.ofNode(opset, norm, "y").input("x", draw.positive(draw.sizes(3))).verify();
  }

  /** The addend may be left out since opset 11. */
  @Property(tries = 500)
  void matrixProduct(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int rows = draw.between(1, 4);
    int columns = draw.between(1, 4);
    int depth = draw.between(1, 4);
    boolean transposeA = draw.flip();
    boolean transposeB = draw.flip();
    TestModel.Node node =
        node("Gemm")
            .in("a", "b")
            .with("transA", transposeA ? 1 : 0)
            .with("transB", transposeB ? 1 : 0);
    Reference reference = Reference.ofNode(opset, node, "y");
    if (draw.flip()) {
      node.with("alpha", draw.between(0.5, 2.0)).with("beta", draw.between(0.5, 2.0));
    }
    if (!draw.since(11) || draw.flip()) {
      node.in("c");
      reference.input("c", draw.floats(draw.broadcastable(new long[] {rows, columns})));
    }
    reference
        .input("a", transposeA ? draw.floats(depth, rows) : draw.floats(rows, depth))
        .input("b", transposeB ? draw.floats(columns, depth) : draw.floats(depth, columns))
        .within(1e-4)
        .verify();
  }
}
