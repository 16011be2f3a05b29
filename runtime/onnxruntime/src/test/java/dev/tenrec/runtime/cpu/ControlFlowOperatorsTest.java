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
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Branches and loops. */
class ControlFlowOperatorsTest {
  private static final TensorType BOOL = TensorType.of(ElementType.BOOL);
  private static final TensorType LONG = TensorType.of(ElementType.INT64);
  private static final TensorType ROWS =
      new TensorType(ElementType.FLOAT32, Shape.of(Dim.symbol("N"), Dim.of(3)));
  private static final TensorType MATRIX = TensorType.of(ElementType.FLOAT32, 2, 3);

  private static Tensor bool(boolean value) {
    return Tensor.scalar(ElementType.BOOL, value ? 1 : 0);
  }

  private static Tensor number(long value) {
    return Tensor.ofLongs(value).withSizes(ints());
  }

  /** Branches of equal or different sizes, small or not, that read outer values or make them. */
  @Property(tries = 60)
  void branches(
      @ForAll boolean condition,
      @ForAll boolean open,
      @ForAll("branches") String first,
      @ForAll("branches") String second,
      @ForAll long seed) {
    Tensor x = Tensors.random(seed, 2, 3);
    Reference.ofNode(
            18,
            node("If")
                .in("flag")
                .with("then_branch", branch(first).graph())
                .with("else_branch", branch(second).graph()),
            "y")
        .input("flag", bool(condition))
        .input("x", open ? ROWS : MATRIX, x)
        .constant("w", Tensors.random(seed + 1, 3, 3))
        .verify();
  }

  @Provide
  Arbitrary<String> branches() {
    return Arbitraries.of("Neg", "Double", "Product", "Constant", "Given");
  }

  private static TestModel branch(String kind) {
    TestModel branch = TestModel.opset(18).output("z");
    return switch (kind) {
      case "Double" -> branch.node(node("Concat").in("x", "x").out("z").with("axis", 0));
      case "Product" -> branch.node(node("MatMul").in("x", "w").out("z"));
      case "Constant" ->
          branch.node(node("Constant").out("z").with("value", Tensors.floats(ints(1, 2), 1, 2)));
      case "Given" -> branch.node(node("Identity").in("x").out("z"));
      default -> branch.node(node(kind).in("x").out("z"));
    };
  }

  /** What decides the number of turns of a loop. */
  enum Ending {
    CONSTANT_COUNT,
    COUNT,
    CONDITION,
    COUNT_AND_CONDITION
  }

  @Property(tries = 100)
  void loops(
      @ForAll Ending ending,
      @ForAll @IntRange(max = 20) int turns,
      @ForAll boolean first,
      @ForAll boolean grows,
      @ForAll boolean collects,
      @ForAll long seed) {
    boolean counts = ending != Ending.CONDITION;
    boolean asks = ending == Ending.CONDITION || ending == Ending.COUNT_AND_CONDITION;
    // ONNX Runtime does not know the sizes of what no turn gives.
    boolean none = turns == 0 || (asks && !first);
    TestModel.Node loop =
        node("Loop")
            .in(counts ? "count" : "", asks ? "flag" : "", "start")
            .with("body", body(asks, grows, collects && !none).graph());
    String[] outputs = collects && !none ? new String[] {"last", "all"} : new String[] {"last"};
    Reference reference = Reference.ofNode(18, loop, outputs).within(1e-4);
    reference.input("start", ROWS, Tensors.random(seed, 2, 3));
    reference.input("step", Tensors.random(seed + 1, 1, 3)).input("bound", number(turns / 2));
    if (ending == Ending.CONSTANT_COUNT) {
      reference.constant("count", number(turns));
    } else if (counts) {
      reference.input("count", number(turns));
    }
    if (asks) {
      reference.input("flag", bool(first));
    }
    reference.verify();
  }

  /** Adds a row to each row or below all of them, as long as there are few turns. */
  private static TestModel body(boolean asks, boolean grows, boolean collects) {
    TestModel body =
        TestModel.opset(18).input("turn", LONG).input("goes_on", BOOL).input("state", ROWS);
    body.node(
        asks
            ? node("Less").in("turn", "bound").out("more")
            : node("Identity").in("goes_on").out("more"));
    body.node(
        grows
            ? node("Concat").in("state", "step").out("next").with("axis", 0)
            : node("Add").in("state", "step").out("next"));
    body.output("more", BOOL).output("next", ROWS);
    if (collects) {
      body.node(node("Cast").in("turn").out("number").with("to", 1))
          .node(node("Mul").in("step", "number").out("collected"))
          .output("collected", TensorType.of(ElementType.FLOAT32, 1, 3));
    }
    return body;
  }

  /** A loop in a branch in a loop, each of which reads what is further out. */
  @Property(tries = 20)
  void nests(
      @ForAll @IntRange(max = 3) int outer,
      @ForAll @IntRange(max = 3) int inner,
      @ForAll long seed) {
    TestModel innermost =
        TestModel.opset(18)
            .input("k", LONG)
            .input("on", BOOL)
            .input("b", MATRIX)
            .node(node("Add").in("b", "step").out("c"))
            .node(node("Identity").in("on").out("still"))
            .output("still", BOOL)
            .output("c", MATRIX);
    TestModel then =
        TestModel.opset(18)
            .node(node("Loop").in("inner", "", "a").out("d").with("body", innermost.graph()))
            .output("d");
    TestModel otherwise =
        TestModel.opset(18).node(node("MatMul").in("a", "w").out("e")).output("e");
    TestModel body =
        TestModel.opset(18)
            .input("i", LONG)
            .input("goes_on", BOOL)
            .input("a", MATRIX)
            .node(node("Less").in("i", "one").out("p"))
            .node(
                node("If")
                    .in("p")
                    .out("next")
                    .with("then_branch", then.graph())
                    .with("else_branch", otherwise.graph()))
            .node(node("Identity").in("goes_on").out("more"))
            .output("more", BOOL)
            .output("next", MATRIX);
    Reference.ofNode(18, node("Loop").in("outer", "", "x").with("body", body.graph()), "y")
        .input("outer", number(outer))
        .input("inner", number(inner))
        .input("x", Tensors.random(seed, 2, 3))
        .input("step", Tensors.random(seed + 1, 2, 3))
        .input("w", Tensors.random(seed + 2, 3, 3))
        .constant("one", number(1))
        .within(1e-4)
        .verify();
  }

  /** The Scan of opset 8: with a batch in front. */
  @Property(tries = 40)
  void batchedScan(
      @ForAll @IntRange(min = 1, max = 3) int batch,
      @ForAll @IntRange(min = 1, max = 3) int steps,
      @ForAll boolean reverse,
      @ForAll boolean open,
      @ForAll long seed) {
    TensorType row = TensorType.of(ElementType.FLOAT32, 3);
    TestModel body =
        TestModel.opset(8)
            .input("sum", row)
            .input("a_step", row)
            .input("b_step", row)
            .node(node("Add").in("sum", "a_step").out("partial"))
            .node(node("Mul").in("partial", "b_step").out("next"))
            .node(node("Add").in("next", "outside").out("step"))
            .output("next", row)
            .output("step", row);
    Tensor a = Tensors.random(seed + 1, batch, steps, 3);
    TensorType opened =
        new TensorType(ElementType.FLOAT32, Shape.of(Dim.symbol("N"), Dim.symbol("T"), Dim.of(3)));
    Reference.ofNode(
            8,
            node("Scan")
                .in("", "start", "a", "b")
                .with("body", body.graph())
                .with("num_scan_inputs", 2)
                .with("directions", ints(reverse ? 1 : 0, 0)),
            "last",
            "all")
        .input("start", Tensors.random(seed, batch, 3))
        .input("a", open ? opened : TensorType.of(a), a)
        .input("b", Tensors.random(seed + 2, batch, steps, 3))
        .input("outside", Tensors.random(seed + 3, 3))
        .within(1e-4)
        .verify();
  }

  /** Loops that carry a sequence are unrolled. */
  @Property(tries = 20)
  void sequencesInLoops(@ForAll @IntRange(min = 1, max = 20) int turns, @ForAll long seed) {
    TestModel body =
        TestModel.opset(18)
            .input("turn", LONG)
            .input("goes_on", BOOL)
            .input(SequenceOperatorsTest.sequenceType("rows", MATRIX))
            .node(node("Cast").in("turn").out("number").with("to", 1))
            .node(node("Mul").in("x", "number").out("row"))
            .node(node("SequenceInsert").in("rows", "row").out("more_rows"))
            .node(node("Identity").in("goes_on").out("more"))
            .output("more", BOOL)
            .output("more_rows");
    TestModel model =
        TestModel.opset(18)
            .initializer("count", number(turns))
            .node(node("SequenceEmpty").out("none"))
            .node(node("Loop").in("count", "", "none").out("all").with("body", body.graph()))
            .node(node("ConcatFromSequence").in("all").out("y").with("axis", 1))
            .node(node("SequenceLength").in("all").out("length"))
            .output("y", "length");
    Reference.of(model).input("x", Tensors.random(seed, 2, 3)).within(1e-4).verify();
  }
}
