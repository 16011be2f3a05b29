package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import com.google.common.primitives.ImmutableLongArray;
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
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Operators that move elements or give them another shape. Sizes of inputs are open. */
class ShapingOperatorsTest {
  @Property(tries = 100)
  void slice(
      @ForAll @IntRange(min = -8, max = 8) int start,
      @ForAll @IntRange(min = -8, max = 8) int end,
      @ForAll @IntRange(min = -3, max = 3) int step,
      @ForAll @IntRange(min = -2, max = 1) int axis,
      @ForAll boolean constant) {
    Tensor starts = Tensor.ofLongs(start);
    Tensor ends = Tensor.ofLongs(end);
    Reference reference =
        open(node("Slice").in("x", "starts", "ends", "axes", "steps"), 4, 5)
            .constant("axes", Tensor.ofLongs(axis))
            .constant("steps", Tensor.ofLongs(step == 0 ? 1 : step));
    if (constant) {
      reference.constant("starts", starts).constant("ends", ends).verify();
    } else {
      reference.input("starts", starts).input("ends", ends).verify();
    }
  }

  @Property(tries = 60)
  void split(
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll @IntRange(min = 1, max = 4) int first,
      @ForAll boolean runTime) {
    long rest = Math.max(0, size - first);
    Tensor sizes = Tensor.ofLongs(size - rest, rest);
    Reference bySizes =
        Reference.ofNode(18, node("Split").in("x", "sizes").with("axis", -1), "a", "b")
            .input("x", rows(2), Tensors.random(1, 2, size));
    if (runTime) {
      bySizes.input("sizes", sizes).verify();
    } else {
      bySizes.constant("sizes", sizes).verify();
    }
    Reference.ofNode(
            18, node("Split").in("x").with("axis", 1).with("num_outputs", 3), "a", "b", "c")
        .input("x", rows(2), Tensors.random(1, 2, 3L * size + 2))
        .verify();
  }

  private static TensorType rows(long count) {
    return new TensorType(ElementType.FLOAT32, Shape.of(Dim.of(count), Dim.symbol("L")));
  }

  @Property(tries = 80)
  void pad(
      @ForAll @IntRange(max = 2) int before,
      @ForAll @IntRange(max = 2) int after,
      @ForAll @IntRange(max = 3) int mode,
      @ForAll boolean someAxes,
      @ForAll boolean runTime) {
    String name = List.of("constant", "edge", "reflect", "wrap").get(mode);
    Tensor pads =
        someAxes ? Tensor.ofLongs(before, after) : Tensor.ofLongs(0, before, 1, 0, after, 1);
    TestModel.Node node =
        someAxes
            ? node("Pad").in("x", "pads", "fill", "axes")
            : node("Pad").in("x", "pads", "fill");
    Reference reference =
        open(node.with("mode", name), 3, 4, 3).constant("fill", Tensors.floats(Tensors.sizes(), 9));
    if (someAxes) {
      reference.constant("axes", Tensor.ofLongs(-2));
    }
    if (runTime) {
      reference.input("pads", pads).verify();
    } else {
      reference.constant("pads", pads).verify();
    }
  }

  @Property(tries = 30)
  void flatten(@ForAll @IntRange(min = -3, max = 3) int axis) {
    open(node("Flatten").in("x").with("axis", axis), 2, 3, 4).verify();
  }

  @Property(tries = 40)
  void transpose(@ForAll Random random) {
    List<Integer> axes = new java.util.ArrayList<>(IntStream.range(0, 4).boxed().toList());
    Collections.shuffle(axes, random);
    ImmutableLongArray permutation =
        ImmutableLongArray.copyOf(axes.stream().mapToLong(Integer::longValue));
    open(node("Transpose").in("x").with("perm", permutation), 2, 3, 4, 5).verify();
    open(node("Transpose").in("x"), 2, 3, 4).verify();
  }

  @Property(tries = 40)
  void depthAndSpace(
      @ForAll @IntRange(min = 1, max = 3) int block,
      @ForAll @IntRange(min = 1, max = 3) int channels,
      @ForAll boolean columnsFirst) {
    long blocks = (long) block * block;
    Dim depth = Dim.of(channels * blocks);
    TensorType deep =
        new TensorType(
            ElementType.FLOAT32, Shape.of(Dim.symbol("N"), depth, Dim.symbol("H"), Dim.of(3)));
    Reference.ofNode(
            18,
            node("DepthToSpace")
                .in("x")
                .with("blocksize", block)
                .with("mode", columnsFirst ? "CRD" : "DCR"),
            "y")
        .input("x", deep, Tensors.random(1, 2, channels * blocks, 2, 3))
        .verify();
    open(node("SpaceToDepth").in("x").with("blocksize", block), 2, channels, 2L * block, 3L * block)
        .verify();
  }

  @Property(tries = 30)
  void shapesAndSizes(
      @ForAll @IntRange(min = -4, max = 4) int start,
      @ForAll @IntRange(min = -4, max = 4) int end) {
    open(node("Shape").in("x").with("start", start).with("end", end), 2, 3, 4).verify();
    open(node("Size").in("x"), 2, 3, 4).verify();
    open(node("EyeLike").in("x").with("k", start), 4, 5).verify();
  }

  @Property(tries = 30)
  void triangles(@ForAll @IntRange(min = -5, max = 5) int diagonal, @ForAll boolean upper) {
    open(node("Trilu").in("x", "k").with("upper", upper ? 1 : 0), 2, 4, 5)
        .constant("k", Tensor.scalar(ElementType.INT64, diagonal))
        .verify();
  }

  @Property(tries = 20)
  void reshapes(@ForAll boolean runTime) {
    Tensor shape = Tensor.ofLongs(0, -1, 2);
    Reference reference = open(node("Reshape").in("x", "shape"), 2, 3, 4);
    if (runTime) {
      reference.input("shape", shape).verify();
    } else {
      reference.constant("shape", shape).verify();
    }
    open(node("Unsqueeze").in("x", "axes"), 2, 3).constant("axes", Tensor.ofLongs(-1, 0)).verify();
    open(node("Expand").in("x", "shape"), 3, 1).input("shape", Tensor.ofLongs(2, 1, 4)).verify();
    open(node("Tile").in("x", "repeats"), 3, 2).input("repeats", Tensor.ofLongs(2, 3)).verify();
    open(node("ConstantOfShape").in("shape").with("value", Tensors.floats(2.5)), 1)
        .input("shape", Tensor.ofLongs(2, 3))
        .verify();
  }

  @Property(tries = 30)
  void concat(@ForAll @IntRange(min = -2, max = 1) int axis, @ForAll long seed) {
    Reference.ofNode(18, node("Concat").in("a", "b", "a").with("axis", axis), "y")
        .input("a", Tensors.random(seed, 3, 3))
        .input("b", Tensors.random(seed, 3, 3))
        .verify();
  }

  @Property(tries = 60)
  void indexing(@ForAll @IntRange(min = -2, max = 1) int axis, @ForAll long seed) {
    Random random = new Random(seed);
    Tensor indices = Tensor.ofLongs(ElementType.INT64, ints(2, 3), _ -> random.nextInt(6) - 3);
    Tensor distinct = Tensors.longs(ints(2, 3), 0, 1, 2, 2, 0, 1);
    Tensor updates = Tensors.random(seed, 2, 3);
    open(node("Gather").in("x", "i").with("axis", axis), 3, 3).input("i", indices).verify();
    open(node("GatherElements").in("x", "i").with("axis", axis), 3, 3).input("i", indices).verify();
    open(node("GatherND").in("x", "i"), 3, 3, 3, 2).input("i", indices).verify();
    open(node("GatherND").in("x", "i").with("batch_dims", 1), 2, 3, 3, 3)
        .input("i", indices)
        .verify();
    for (String reduction : List.of("none", "add", "mul", "min", "max")) {
      open(
              node("ScatterElements")
                  .in("x", "i", "u")
                  .with("axis", -1)
                  .with("reduction", reduction),
              3,
              3)
          .input("i", distinct)
          .input("u", updates)
          .verify();
    }
    open(node("ScatterND").in("x", "i", "u"), 3, 3, 3, 2)
        .input("i", distinct)
        .input("u", Tensors.random(seed, 2, 2))
        .verify();
    Reference.ofNode(18, node("OneHot").in("i", "depth", "values").with("axis", axis), "y")
        .input("i", indices)
        .constant("depth", Tensor.scalar(ElementType.INT64, 4))
        .constant("values", Tensors.floats(-1, 2))
        .verify();
  }

  /** A node whose input x has open sizes. */
  private static Reference open(TestModel.Node node, long... sizes) {
    Dim[] dims =
        IntStream.range(0, sizes.length).mapToObj(i -> Dim.symbol("d" + i)).toArray(Dim[]::new);
    TensorType type = new TensorType(ElementType.FLOAT32, Shape.of(dims));
    return Reference.ofNode(18, node, "y").input("x", type, Tensors.random(3, sizes));
  }
}
