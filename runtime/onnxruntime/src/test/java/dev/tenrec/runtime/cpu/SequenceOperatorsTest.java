package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import dev.tenrec.onnx.proto.TensorShapeProto;
import dev.tenrec.onnx.proto.TypeProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Sequences and optional values, whose lengths and positions are known. */
class SequenceOperatorsTest {

  /** The declaration of a sequence. */
  static ValueInfoProto sequenceType(String name, TensorType element) {
    TypeProto.Tensor.Builder tensor =
        TypeProto.Tensor.newBuilder().setElemType(1).setShape(TensorShapeProto.newBuilder());
    for (int axis = 0; axis < element.rank(); axis++) {
      tensor.getShapeBuilder().addDim(TensorShapeProto.Dimension.newBuilder());
    }
    TypeProto.Sequence sequence =
        TypeProto.Sequence.newBuilder()
            .setElemType(TypeProto.newBuilder().setTensorType(tensor))
            .build();
    return ValueInfoProto.newBuilder()
        .setName(name)
        .setType(TypeProto.newBuilder().setSequenceType(sequence))
        .build();
  }

  private static Tensor number(long value) {
    return Tensor.ofLongs(value).withSizes(ints());
  }

  /** Elements are put in and taken away at any place, counted from either end. */
  @Property(tries = 60)
  void positions(@ForAll long seed) {
    Random random = new Random(seed);
    TestModel model =
        TestModel.opset(18)
            .node(node("Neg").in("x").out("n"))
            .node(node("Exp").in("x").out("e"))
            .node(node("SequenceConstruct").in("x", "n").out("s0"))
            .node(node("SequenceInsert").in("s0", "e", "p0").out("s1"))
            .node(node("SequenceInsert").in("s1", "n").out("s2"))
            .node(node("SequenceErase").in("s2", "p1").out("s3"))
            .node(node("SequenceErase").in("s3").out("s4"))
            .node(node("Identity").in("s4").out("s5"))
            .node(node("SequenceAt").in("s3", "p2").out("y"))
            .node(node("SequenceLength").in("s5").out("length"))
            .node(node("ConcatFromSequence").in("s5").out("all").with("axis", 0))
            .initializer("p0", number(random.nextInt(5) - 2))
            .initializer("p1", number(random.nextInt(8) - 4))
            .initializer("p2", number(random.nextInt(6) - 3))
            .output("y", "length", "all");
    Reference.of(model).input("x", Tensors.random(seed, 2, 3)).verify();
  }

  /** Elements that are alike can be chosen at run time. */
  @Property(tries = 20)
  void runTimePosition(@ForAll @IntRange(min = -3, max = 2) int position, @ForAll long seed) {
    TestModel model =
        TestModel.opset(18)
            .node(node("Neg").in("x").out("n"))
            .node(node("SequenceConstruct").in("x", "n", "x").out("s"))
            .node(node("SequenceAt").in("s", "p").out("y"))
            .output("y");
    Reference.of(model)
        .input("x", Tensors.random(seed, 2, 3))
        .input("p", number(position))
        .verify();
  }

  /** How a vector of four rows is taken apart. */
  enum Split {
    NONE,
    ONES,
    TWOS,
    THREES,
    TWO_TWOS,
    ONE_AND_THREE;

    boolean isEven() {
      return this != THREES && this != ONE_AND_THREE;
    }

    Tensor sizes() {
      return switch (this) {
        case NONE, ONES -> number(1);
        case TWOS -> number(2);
        case THREES -> number(3);
        case TWO_TWOS -> Tensor.ofLongs(2, 2);
        case ONE_AND_THREE -> Tensor.ofLongs(1, 3);
      };
    }
  }

  /** Parts of equal shape are joined along any axis, others along the one that was split. */
  @Property(tries = 100)
  void splits(
      @ForAll Split split,
      @ForAll @IntRange(min = -2, max = 1) int axis,
      @ForAll @IntRange(max = 2) int joined,
      @ForAll boolean keep,
      @ForAll boolean stack,
      @ForAll long seed) {
    boolean stacks = stack && split.isEven();
    int rank = (split == Split.NONE && !keep ? 1 : 2) + (stacks ? 1 : 0);
    TestModel.Node parts = node("SplitToSequence").in("x").out("s").with("axis", axis);
    TestModel model = TestModel.opset(18);
    if (split == Split.NONE) {
      parts.with("keepdims", keep ? 1 : 0);
    } else {
      parts.in("sizes");
      model.initializer("sizes", split.sizes());
    }
    model
        .node(parts)
        .node(
            node("ConcatFromSequence")
                .in("s")
                .out("y")
                .with("axis", split.isEven() ? joined % rank : axis)
                .with("new_axis", stacks ? 1 : 0))
        .node(node("SequenceLength").in("s").out("length"))
        .output("y", "length");
    Reference.of(model).input("x", Tensors.random(seed, 4, 4)).verify();
  }

  @Property(tries = 20)
  void maps(
      @ForAll @IntRange(min = 1, max = 4) int count, @ForAll boolean shared, @ForAll long seed) {
    TensorType row = TensorType.of(ElementType.FLOAT32, 1, 3);
    TestModel body =
        TestModel.opset(18)
            .input("a", row)
            .input("b", row)
            .node(node("Add").in("a", "b").out("c"))
            .node(node("Mul").in("a", "b").out("d"))
            .output("c", row)
            .output("d", row);
    TestModel model =
        TestModel.opset(18)
            .node(node("SplitToSequence").in("x").out("s"))
            .node(node("SplitToSequence").in("x").out("t"))
            .node(
                node("SequenceMap")
                    .in("s", shared ? "k" : "t")
                    .out("sums", "products")
                    .with("body", body.graph()))
            .node(node("ConcatFromSequence").in("sums").out("y").with("axis", 0))
            .node(node("ConcatFromSequence").in("products").out("z").with("axis", 1))
            .output("y", "z");
    Reference.of(model)
        .input("x", Tensors.random(seed, count, 3))
        .input("k", Tensors.random(seed + 1, 1, 3))
        .verify();
  }

  @Property(tries = 10)
  void optionalValues(@ForAll long seed) {
    TestModel model =
        TestModel.opset(18)
            .node(node("Optional").in("x").out("o"))
            .node(node("OptionalHasElement").in("o").out("there"))
            .node(node("OptionalHasElement").out("not"))
            .node(node("OptionalGetElement").in("o").out("y"))
            .node(node("Identity").in("there").out("p"))
            .output("p", "not", "y");
    Reference.of(model).input("x", Tensors.random(seed, 2, 3)).verify();
  }
}
