package dev.tenrec.runtime.cpu;

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

/** Reading and writing at indices in the forms of all opsets. */
class OpsetIndexingTest {
  /** Indices are counted from the end, too, since opset 11. */
  @Property(tries = 500)
  void gather(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 3));
    long axis = draw.axis(sizes.length, 11);
    int size = (int) sizes[(int) Math.floorMod(axis, (long) sizes.length)];
    int least = draw.since(11) ? -size : 0;
    ElementType type = draw.of(ElementType.INT32, ElementType.INT64);
    Reference.ofNode(opset, node("Gather").in("x", "i").with("axis", axis), "y")
        .input("x", draw.floats(sizes))
        .input("i", draw.whole(type, least, size - 1, draw.sizes(draw.between(0, 2))))
        .verify();
  }

  @Property(tries = 400)
  void gatherElements(@ForAll @LongRange(min = 11, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 3));
    long axis = draw.axis(sizes.length, 11);
    int at = (int) Math.floorMod(axis, (long) sizes.length);
    long[] indices = sizes.clone();
    indices[at] = draw.between(1, 5);
    Reference.ofNode(opset, node("GatherElements").in("x", "i").with("axis", axis), "y")
        .input("x", draw.floats(sizes))
        .input("i", draw.whole(ElementType.INT64, (int) -sizes[at], (int) sizes[at] - 1, indices))
        .verify();
  }

  /** Leading dimensions of both may go together since opset 12. */
  @Property(tries = 500)
  void gatherNd(@ForAll @LongRange(min = 11, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(2, 4));
    int batch = draw.since(12) ? draw.between(0, sizes.length - 1) : 0;
    int depth = draw.between(1, sizes.length - batch);
    long[] rows =
        LongStream.concat(
                Arrays.stream(sizes).limit(batch), LongStream.of(draw.between(1, 3), depth))
            .toArray();
    int smallest = (int) Arrays.stream(sizes).skip(batch).limit(depth).min().getAsLong();
    TestModel.Node node = node("GatherND").in("x", "i");
    if (batch > 0) {
      node.with("batch_dims", batch);
    }
    Reference.ofNode(opset, node, "y")
        .input("x", draw.floats(sizes))
        .input("i", draw.whole(ElementType.INT64, -smallest, smallest - 1, rows))
        .verify();
  }

  /** One update per place, unless a reduction combines them. */
  @Property(tries = 800)
  void scatterElements(@ForAll @LongRange(min = 9, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 3));
    long axis = draw.axis(sizes.length, 11);
    int at = (int) Math.floorMod(axis, (long) sizes.length);
    TestModel.Node node =
        node(draw.since(11) ? "ScatterElements" : "Scatter").in("x", "i", "u").with("axis", axis);
    boolean combined = draw.since(16) && draw.flip();
    if (combined) {
      node.with(
          "reduction",
          draw.since(18) ? draw.of("add", "mul", "min", "max") : draw.of("add", "mul"));
    }
    long[] places = sizes.clone();
    places[at] = combined ? draw.between(1, 4) : 1;
    Reference.ofNode(opset, node, "y")
        .input("x", draw.floats(sizes))
        .input(
            "i",
            draw.whole(
                ElementType.INT64,
                draw.since(11) ? (int) -sizes[at] : 0,
                (int) sizes[at] - 1,
                places))
        .input("u", draw.floats(places))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 500)
  void scatterNd(@ForAll @LongRange(min = 11, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 3));
    int depth = draw.between(1, sizes.length);
    boolean combined = draw.since(16) && draw.flip();
    int count = combined ? draw.between(1, 4) : 1;
    TestModel.Node node = node("ScatterND").in("x", "i", "u");
    if (combined) {
      node.with(
          "reduction",
          draw.since(18) ? draw.of("add", "mul", "min", "max") : draw.of("add", "mul"));
    }
    int smallest = (int) Arrays.stream(sizes).limit(depth).min().getAsLong();
    long[] updates =
        LongStream.concat(LongStream.of(count), Arrays.stream(sizes).skip(depth)).toArray();
    Reference.ofNode(opset, node, "y")
        .input("x", draw.floats(sizes))
        .input("i", draw.whole(ElementType.INT64, 0, smallest - 1, count, depth))
        .input("u", draw.floats(updates))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 400)
  void oneHot(@ForAll @LongRange(min = 9, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 2));
    int depth = draw.between(1, 5);
    TestModel.Node node = node("OneHot").in("i", "depth", "values");
    if (draw.flip()) {
      node.with("axis", draw.between(-sizes.length - 1, sizes.length));
    }
    Reference.ofNode(opset, node, "y")
        .input("i", draw.whole(ElementType.INT64, draw.since(11) ? -6 : 0, 6, sizes))
        .constant("depth", Tensor.scalar(ElementType.INT64, depth))
        .constant("values", Tensors.floats(-1, 2))
        .verify();
  }

  @Property(tries = 300)
  void sequences(@ForAll @LongRange(min = 10, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    boolean timeFirst = draw.flip();
    int batch = draw.between(1, 3);
    int time = draw.between(1, 4);
    TestModel.Node node =
        node("ReverseSequence")
            .in("x", "lengths")
            .with("time_axis", timeFirst ? 0 : 1)
            .with("batch_axis", timeFirst ? 1 : 0);
    Reference.ofNode(opset, node, "y")
        .input("x", timeFirst ? draw.floats(time, batch, 2) : draw.floats(batch, time, 2))
        .input("lengths", draw.whole(ElementType.INT64, 1, time, batch))
        .verify();
  }

  /** Modes have other names since opset 20, which also takes volumes. */
  @Property(tries = 400)
  void gridSample(@ForAll @LongRange(min = 16, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    boolean old = !draw.since(20);
    boolean volume = !old && draw.flip();
    String mode =
        old ? draw.of("bilinear", "nearest", "bicubic") : draw.of("linear", "nearest", "cubic");
    TestModel.Node node =
        node("GridSample")
            .in("x", "grid")
            .with("mode", volume && mode.equals("cubic") ? "linear" : mode)
            .with("padding_mode", draw.of("zeros", "border", "reflection"))
            .with("align_corners", draw.between(0, 1));
    Reference.ofNode(opset, node, "y")
        .input("x", volume ? draw.floats(1, 2, 3, 4, 3) : draw.floats(1, 2, 4, 5))
        .input("grid", volume ? draw.floats(1, 2, 3, 2, 3) : draw.floats(1, 3, 4, 2))
        .within(1e-3)
        .verify();
  }
}
