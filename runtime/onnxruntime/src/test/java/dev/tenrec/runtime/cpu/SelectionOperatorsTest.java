package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.TestModel;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Operators whose results are as large as the elements of their inputs say. */
class SelectionOperatorsTest {
  private static final ElementType[] TYPES = {
    ElementType.FLOAT32, ElementType.INT64, ElementType.INT32, ElementType.UINT8, ElementType.BOOL
  };

  private static ImmutableLongArray sizes(Random random, int rank) {
    return ImmutableLongArray.copyOf(random.longs(rank, 0, 5));
  }

  private static Tensor some(ElementType type, ImmutableLongArray sizes, Random random) {
    int least = type == ElementType.UINT8 || type == ElementType.BOOL ? 0 : -1;
    int most = type == ElementType.BOOL ? 2 : 3;
    return type.isFloating()
        ? Tensor.ofDoubles(type, sizes, _ -> random.nextInt(least, most) / 2.0)
        : Tensor.ofLongs(type, sizes, _ -> random.nextInt(least, most));
  }

  @Property(tries = 50)
  void nonZero(
      @ForAll @IntRange(max = 4) int type,
      @ForAll @IntRange(min = 1, max = 4) int rank,
      @ForAll Random random) {
    Reference.ofNode(13, node("NonZero").in("x"), "y")
        .input("x", some(TYPES[type], sizes(random, rank), random))
        .verify();
  }

  @Property(tries = 50)
  void compress(
      @ForAll boolean flat,
      @ForAll @IntRange(min = 1, max = 3) int rank,
      @ForAll @IntRange(min = -3, max = 2) int axis,
      @ForAll boolean open,
      @ForAll Random random) {
    Tensor x = some(ElementType.FLOAT32, sizes(random, rank), random);
    int counted = Math.floorMod(axis, rank);
    long length = flat ? x.count() : x.size(counted);
    Tensor condition =
        some(ElementType.BOOL, ImmutableLongArray.of(random.nextLong(length + 3)), random);
    TestModel.Node node = node("Compress").in("x", "condition");
    TensorType type = new TensorType(ElementType.BOOL, Shape.of(Dim.symbol("length")));
    Reference.ofNode(11, flat ? node : node.with("axis", counted - (axis < 0 ? rank : 0)), "y")
        .input("x", x)
        .input("condition", open ? type : TensorType.of(condition), condition)
        .verify();
  }

  @Property(tries = 50)
  void unique(
      @ForAll @IntRange(max = 2) int type,
      @ForAll boolean flat,
      @ForAll boolean sorted,
      @ForAll @IntRange(min = 1, max = 3) int rank,
      @ForAll @IntRange(min = -3, max = 2) int axis,
      @ForAll Random random) {
    ImmutableLongArray sizes = ImmutableLongArray.copyOf(random.longs(rank, flat ? 0 : 1, 6));
    TestModel.Node node = node("Unique").in("x").with("sorted", sorted ? 1 : 0);
    if (!flat) {
      node.with("axis", Math.floorMod(axis, rank) - (axis < 0 ? rank : 0));
    }
    Reference.ofNode(11, node, "y0", "y1", "y2", "y3")
        .input("x", some(TYPES[type == 2 ? 0 : type], sizes, random))
        .verify();
  }

  @Property(tries = 50)
  void nonMaxSuppression(
      @ForAll boolean centered,
      @ForAll @IntRange(max = 3) int optional,
      @ForAll @IntRange(max = 5) int perClass,
      @ForAll Random random) {
    long batches = random.nextLong(1, 3);
    long classes = random.nextLong(1, 4);
    long boxes = random.nextLong(1, 9);
    TestModel.Node node =
        node("NonMaxSuppression").in("boxes", "scores").with("center_point_box", centered ? 1 : 0);
    String[] names = {"most", "overlap", "least"};
    for (int i = 0; i < optional; i++) {
      node.in(names[i]);
    }
    Reference.ofNode(11, node, "y")
        .input("boxes", some(ElementType.FLOAT32, ints(batches, boxes, 4), random))
        .input("scores", some(ElementType.FLOAT32, ints(batches, classes, boxes), random))
        .constant("most", Tensor.ofLongs(perClass))
        .constant("overlap", Tensor.ofDoubles(ElementType.FLOAT32, ints(1), _ -> 0.3))
        .constant("least", Tensor.ofDoubles(ElementType.FLOAT32, ints(1), _ -> -0.2))
        .verify();
  }
}
