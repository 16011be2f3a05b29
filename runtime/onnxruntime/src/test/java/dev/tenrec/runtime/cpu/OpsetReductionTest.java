package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.TestModel;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Operators along axes in the forms of all opsets. */
class OpsetReductionTest {
  @Provide
  Arbitrary<String> reductions() {
    return new ReductionOperatorsTest().reductions();
  }

  @Property(tries = 2000)
  void reduce(
      @ForAll("reductions") String operator,
      @ForAll @LongRange(min = 7, max = 23) long opset,
      @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int rank = draw.between(1, 4);
    TestModel.Node node = node(operator).in("x");
    Reference reference = Reference.ofNode(opset, node, "y");
    boolean byInput = draw.since(operator.equals("ReduceSum") ? 13 : 18);
    if (draw.flip()) {
      node.with("keepdims", draw.between(0, 1));
    }
    if (byInput && draw.flip()) {
      node.with("noop_with_empty_axes", draw.between(0, 1));
    }
    if (draw.flip()) {
      long[] axes = draw.axes(rank, 11);
      if (byInput) {
        node.in("axes");
        reference.constant("axes", Tensor.ofLongs(axes));
      } else {
        node.with("axes", ints(axes));
      }
    } else if (byInput && draw.flip()) {
      node.in("axes");
      reference.constant("axes", Tensor.ofLongs());
    }
    reference.input("x", draw.positive(draw.sizes(rank))).within(1e-4).verify();
  }

  @Property(tries = 600)
  void argReduce(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int rank = draw.between(1, 4);
    TestModel.Node node = node(draw.of("ArgMax", "ArgMin")).in("x");
    if (draw.flip()) {
      node.with("axis", draw.axis(rank, 11));
    }
    if (draw.flip()) {
      node.with("keepdims", draw.between(0, 1));
    }
    if (draw.since(12) && draw.flip()) {
      node.with("select_last_index", draw.between(0, 1));
    }
    Tensor x = draw.whole(ElementType.FLOAT32, 0, 3, draw.sizes(rank));
    Reference.ofNode(opset, node, "y").input("x", x).verify();
  }

  /** Before opset 13, the axis cuts the sizes in two instead of being the one that counts. */
  @Property(tries = 1000)
  void softmax(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int rank = draw.between(2, 4);
    TestModel.Node node = node(draw.of("Softmax", "LogSoftmax", "Hardmax")).in("x");
    if (draw.flip()) {
      node.with("axis", draw.axis(rank, 11));
    }
    Reference.ofNode(opset, node, "y").input("x", draw.floats(draw.sizes(rank))).verify();
  }

  /** An attribute before opset 10, an input since; the smallest ones since 11. */
  @Property(tries = 600)
  void topK(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 3));
    long axis = draw.axis(sizes.length, 11);
    long k = draw.between(1, (int) sizes[(int) Math.floorMod(axis, (long) sizes.length)]);
    TestModel.Node node = node("TopK").in("x").with("axis", axis);
    Reference reference = Reference.ofNode(opset, node, "values", "indices");
    if (draw.since(11) && draw.flip()) {
      node.with("largest", draw.between(0, 1));
    }
    if (draw.since(10)) {
      node.in("k");
      reference.constant("k", Tensor.ofLongs(k));
    } else {
      node.with("k", k);
    }
    reference.input("x", draw.whole(ElementType.FLOAT32, 0, 5, sizes)).verify();
  }

  @Property(tries = 300)
  void cumulativeSum(@ForAll @LongRange(min = 11, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int rank = draw.between(1, 3);
    TestModel.Node node =
        node("CumSum")
            .in("x", "axis")
            .with("exclusive", draw.between(0, 1))
            .with("reverse", draw.between(0, 1));
    Reference.ofNode(opset, node, "y")
        .input("x", draw.floats(draw.sizes(rank)))
        .constant("axis", Tensor.scalar(ElementType.INT64, (double) draw.axis(rank, 11)))
        .verify();
  }
}
