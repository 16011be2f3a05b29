package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;

/** Operators that move elements or give them another shape, in the forms of all opsets. */
class OpsetShapingTest {
  /** Parameters that are an attribute in old opsets and an input in newer ones. */
  private static void give(
      Draw draw,
      long inputSince,
      TestModel.Node node,
      Reference reference,
      String name,
      long... v) {
    if (draw.since(inputSince)) {
      node.in(name);
      reference.constant(name, Tensor.ofLongs(v));
    } else {
      node.with(name, ints(v));
    }
  }

  @Property(tries = 600)
  void squeezeAndUnsqueeze(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 4));
    boolean squeeze = draw.flip();
    TestModel.Node node = node(squeeze ? "Squeeze" : "Unsqueeze").in("x");
    Reference reference = Reference.ofNode(opset, node, "y");
    if (!squeeze) {
      give(draw, 13, node, reference, "axes", draw.axes(sizes.length + 1, 11)[0]);
    } else if (draw.flip()) {
      long[] axes = draw.axes(sizes.length, 11);
      Arrays.stream(axes).forEach(a -> sizes[(int) Math.floorMod(a, (long) sizes.length)] = 1);
      give(draw, 13, node, reference, "axes", axes);
    }
    reference.input("x", draw.floats(sizes)).verify();
  }

  @Property(tries = 300)
  void flatten(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int rank = draw.between(1, 4);
    TestModel.Node node = node("Flatten").in("x");
    if (draw.flip()) {
      node.with(
          "axis", draw.since(11) && draw.flip() ? draw.between(-rank, -1) : draw.between(0, rank));
    }
    Reference.ofNode(opset, node, "y").input("x", draw.floats(draw.sizes(rank))).verify();
  }

  @Property(tries = 400)
  void reshape(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(3);
    TestModel.Node node = node("Reshape").in("x", "shape");
    long[] shape =
        draw.of(
            new long[] {0, -1},
            new long[] {-1},
            new long[] {0, 0, -1},
            new long[] {-1, 0},
            new long[] {sizes[0], 1, sizes[1], sizes[2]},
            new long[] {sizes[0] * sizes[1], sizes[2]});
    boolean copies = Arrays.stream(shape).noneMatch(size -> size == 0);
    if (draw.since(14) && copies && draw.flip()) {
      node.with("allowzero", 1);
    }
    if (shape.length == 2 && shape[0] == -1) {
      sizes[2] = 1;
    }
    Reference.ofNode(opset, node, "y")
        .input("x", draw.floats(sizes))
        .constant("shape", Tensor.ofLongs(shape))
        .verify();
  }

  /** Sizes are an attribute before opset 13; a number of parts may replace them since 18. */
  @Property(tries = 800)
  void split(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 3));
    TestModel.Node node = node("Split").in("x");
    Reference reference = Reference.ofNode(opset, node, "a", "b");
    long axis = draw.axis(sizes.length, 11);
    node.with("axis", axis);
    int split = (int) Math.floorMod(axis, (long) sizes.length);
    if (draw.flip()) {
      long[] parts = {draw.between(1, 3), draw.between(1, 3)};
      sizes[split] = parts[0] + parts[1];
      give(draw, 13, node, reference, "split", parts);
    } else if (draw.since(18)) {
      sizes[split] = draw.between(3, 7);
      node.with("num_outputs", 2);
    } else {
      sizes[split] = 2L * draw.between(1, 3);
    }
    reference.input("x", draw.floats(sizes)).verify();
  }

  /** Attributes before opset 10; steps and axes counted from the end came with the inputs. */
  @Property(tries = 1000)
  void slice(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 4));
    long[] axes = draw.axes(sizes.length, 10);
    boolean all = draw.flip();
    int count = all ? draw.between(1, sizes.length) : axes.length;
    TestModel.Node node = node("Slice").in("x");
    Reference reference = Reference.ofNode(opset, node, "y");
    give(draw, 10, node, reference, "starts", numbers(draw, count, -6, 6));
    give(draw, 10, node, reference, "ends", numbers(draw, count, -6, 6));
    if (!all) {
      give(draw, 10, node, reference, "axes", axes);
    }
    if (draw.since(10) && draw.flip()) {
      long[] steps = numbers(draw, count, 1, 3);
      for (int i = 0; i < count; i++) {
        steps[i] *= draw.flip() ? -1 : 1;
      }
      node.in(all ? new String[] {"", "steps"} : new String[] {"steps"});
      reference.constant("steps", Tensor.ofLongs(steps));
    }
    reference.input("x", draw.floats(sizes)).verify();
  }

  private static long[] numbers(Draw draw, int count, int least, int most) {
    return LongStream.generate(() -> draw.between(least, most)).limit(count).toArray();
  }

  /** Attributes before opset 11; some axes only since 18, wrapping since 19. */
  @Property(tries = 1000)
  void pad(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = Arrays.stream(draw.sizes(draw.between(1, 3))).map(size -> size + 2).toArray();
    String mode = draw.of("constant", "reflect", "edge", draw.since(19) ? "wrap" : "edge");
    boolean some = draw.since(18) && draw.flip();
    long[] axes = some ? draw.axes(sizes.length, 18) : new long[sizes.length];
    TestModel.Node node = node("Pad").in("x").with("mode", mode);
    Reference reference = Reference.ofNode(opset, node, "y");
    give(draw, 11, node, reference, "pads", numbers(draw, 2 * axes.length, 0, 2));
    boolean valued = mode.equals("constant") && draw.flip();
    if (valued && draw.since(11)) {
      node.in("value");
      reference.constant("value", Tensor.scalar(ElementType.FLOAT32, 1.5));
    } else if (valued) {
      node.with("value", 1.5);
    }
    if (some) {
      node.in(valued ? new String[] {"axes"} : new String[] {"", "axes"});
      reference.constant("axes", Tensor.ofLongs(axes));
    }
    reference.input("x", draw.floats(sizes)).verify();
  }

  @Property(tries = 500)
  void concatAndTranspose(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] a = draw.sizes(draw.between(1, 3));
    long axis = draw.axis(a.length, 11);
    long[] b = a.clone();
    b[(int) Math.floorMod(axis, (long) a.length)] = draw.between(1, 4);
    Reference.ofNode(opset, node("Concat").in("a", "b").with("axis", axis), "y")
        .input("a", draw.floats(a))
        .input("b", draw.floats(b))
        .verify();
    TestModel.Node transpose = node("Transpose").in("x");
    if (draw.flip()) {
      long[] order = LongStream.range(0, a.length).map(i -> (i + 1) % a.length).toArray();
      transpose.with("perm", ints(order));
    }
    Reference.ofNode(opset, transpose, "y").input("x", draw.floats(a)).verify();
  }

  /** The column-row order of depth came with opset 11. */
  @Property(tries = 400)
  void blocks(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int block = draw.between(1, 3);
    boolean toSpace = draw.flip();
    TestModel.Node node =
        node(toSpace ? "DepthToSpace" : "SpaceToDepth").in("x").with("blocksize", block);
    if (toSpace && draw.since(11) && draw.flip()) {
      node.with("mode", draw.of("DCR", "CRD"));
    }
    long[] sizes = draw.sizes(4);
    if (toSpace) {
      sizes[1] *= (long) block * block;
    } else {
      sizes[2] *= block;
      sizes[3] *= block;
    }
    Reference.ofNode(opset, node, "y").input("x", draw.floats(sizes)).verify();
  }

  /** A part of the sizes only since opset 15. */
  @Property(tries = 300)
  void shape(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int rank = draw.between(1, 4);
    TestModel.Node node = node("Shape").in("x");
    if (draw.since(15) && draw.flip()) {
      node.with("start", draw.between(-5, 5));
    }
    if (draw.since(15) && draw.flip()) {
      node.with("end", draw.between(-5, 5));
    }
    Reference.ofNode(opset, node, "y").input("x", draw.floats(draw.sizes(rank))).verify();
  }

  @Property(tries = 300)
  void tileAndExpand(@ForAll @LongRange(min = 8, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 3));
    Reference.ofNode(opset, node("Tile").in("x", "repeats"), "y")
        .input("x", draw.floats(sizes))
        .constant("repeats", Tensor.ofLongs(numbers(draw, sizes.length, 1, 3)))
        .verify();
    long[] small = draw.broadcastable(sizes);
    Reference.ofNode(opset, node("Expand").in("x", "shape"), "y")
        .input("x", draw.floats(small))
        .constant("shape", Tensor.ofLongs(sizes))
        .verify();
  }

  /** Scales are an attribute in opset 7, an input since 9; opset 10 calls it Resize. */
  @Property(tries = 400)
  void upsample(@ForAll @LongRange(min = 7, max = 10) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    TestModel.Node node = node(opset == 10 ? "Resize" : "Upsample").in("x");
    node.with("mode", draw.of("nearest", "linear"));
    Reference reference = Reference.ofNode(opset, node, "y");
    double height = draw.between(1, 3);
    double width = draw.between(1, 3);
    if (draw.since(9)) {
      node.in("scales");
      reference.constant("scales", Tensors.floats(1, 1, height, width));
    } else {
      node.with(TestModel.floats("scales", 1, 1, height, width));
    }
    reference.input("x", draw.floats(draw.sizes(4))).verify();
  }
}
