package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.type;

import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.ControlFlow.If;
import dev.tenrec.ir.ControlFlow.Loop;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.TypeProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What becomes of branches, loops and sequences: as little as possible that decides at run time.
 */
class ControlFlowImportTest {
  private static final TensorType BOOL = TensorType.of(ElementType.BOOL);
  private static final TensorType LONG = TensorType.of(ElementType.INT64);
  private static final TensorType FLOATS = TensorType.of(ElementType.FLOAT32, 2, 3);
  private static final TensorType ROWS =
      new TensorType(ElementType.FLOAT32, Shape.of(Dim.symbol("N"), Dim.of(3)));

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private Graph read(TestModel model) {
    return OnnxImporter.read(model.write(folder));
  }

  private static List<Class<? extends Op>> operations(Graph graph) {
    return graph.nodes().stream().<Class<? extends Op>>map(node -> node.op().getClass()).toList();
  }

  private static Tensor number(long value) {
    return Tensor.ofLongs(value).withSizes(ints());
  }

  private static TestModel unary(String operator) {
    return TestModel.opset(18).node(node(operator).in("x").out("z")).output("z");
  }

  private static TestModel branches(TensorType type, TestModel yes, TestModel no) {
    return TestModel.opset(18)
        .input("x", type)
        .input("p", BOOL)
        .node(
            node("If")
                .in("p")
                .out("y")
                .with("then_branch", yes.graph())
                .with("else_branch", no.graph()))
        .output("y");
  }

  @Test
  void selectsBetweenBranchesThatCostNothing() {
    assertThat(operations(read(branches(FLOATS, unary("Neg"), unary("Exp")))))
        .contains(Select.class)
        .doesNotContain(If.class);
  }

  @Test
  void decidesBetweenBranchesThatCostOrMayFail() {
    assertThat(operations(read(branches(ROWS, unary("Neg"), unary("Exp")))))
        .contains(If.class)
        .doesNotContain(Select.class);
    assertThat(operations(read(branches(FLOATS, unary("Softmax"), unary("Exp")))))
        .contains(If.class);
  }

  @Test
  void decidesByWhatIsKnownOfSizes() {
    TestModel model =
        TestModel.opset(18)
            .input("x", FLOATS)
            .initializer("two", Tensor.ofLongs(2))
            .node(node("Shape").in("x").out("shape").with("end", 1))
            .node(node("Equal").in("shape", "two").out("p"))
            .node(
                node("If")
                    .in("p")
                    .out("y")
                    .with("then_branch", unary("Neg").graph())
                    .with("else_branch", unary("Frobnicate").graph()))
            .output("y");
    assertThat(operations(read(model))).doesNotContain(If.class, Select.class);
  }

  /** A loop that doubles its state, or lets it grow by a row. */
  private static TestModel loop(boolean grows) {
    TestModel body =
        TestModel.opset(18)
            .input("turn", LONG)
            .input("on", BOOL)
            .input("a", ROWS)
            .node(node("Identity").in("on").out("more"))
            .node(
                grows
                    ? node("Concat").in("a", "row").out("b").with("axis", 0)
                    : node("Add").in("a", "a").out("b"))
            .output("more", BOOL)
            .output("b", ROWS);
    return TestModel.opset(18)
        .input("x", FLOATS)
        .input("row", TensorType.of(ElementType.FLOAT32, 1, 3))
        .node(node("Loop").in("count", "", "x").out("y").with("body", body.graph()))
        .output("y");
  }

  @Test
  void unrollsFewTurns() {
    Graph graph = read(loop(true).initializer("count", number(4)));
    assertThat(operations(graph)).doesNotContain(Loop.class);
    assertThat(graph.outputs().getFirst().value().type()).hasToString("float[6,3]");
    assertThat(operations(read(loop(false).initializer("count", number(1000)))))
        .contains(Loop.class);
  }

  @Test
  void keepsLoopsThatEndAtRunTime() {
    Graph graph = read(loop(false).input("count", LONG));
    Loop loop = only(graph, Loop.class);
    assertThat(loop.condition()).isEmpty();
    assertThat(graph.outputs().getFirst().value().type()).hasToString("float[2,3]");
  }

  @Test
  void leavesSizesOpenThatChangeFromTurnToTurn() {
    Graph graph = read(loop(true).input("count", LONG));
    Loop loop = only(graph, Loop.class);
    assertThat(loop.isInvariant(0, 0)).isFalse();
    assertThat(loop.isInvariant(0, 1)).isTrue();
    assertThat(graph.outputs().getFirst().value().type()).hasToString("float[?,3]");
  }

  private static <T extends ControlFlow> T only(Graph graph, Class<T> kind) {
    return graph.nodes().stream()
        .map(Node::op)
        .filter(kind::isInstance)
        .map(kind::cast)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void namesWhatWouldHaveToBeKnown() {
    TestModel body =
        TestModel.opset(18)
            .input("turn", LONG)
            .input("on", BOOL)
            .input(ValueInfoProto.newBuilder().setName("a").build())
            .node(node("SequenceInsert").in("a", "x").out("b"))
            .output("on", "b");
    TestModel model =
        TestModel.opset(18)
            .input("x", FLOATS)
            .input("count", LONG)
            .node(node("SequenceEmpty").out("none"))
            .node(node("Loop").in("count", "", "none").out("s").with("body", body.graph()))
            .node(node("SequenceLength").in("s").out("y"))
            .output("y");
    assertThatThrownBy(() -> read(model))
        .asInstanceOf(type(TenrecException.class))
        .satisfies(e -> assertThat(e.neededInputs()).containsExactly("count"))
        .extracting(Throwable::getMessage)
        .asString()
        .contains("the loop carries a sequence of length 0");
  }

  @Test
  void refusesSequencesAtTheBorderOfTheModel() {
    TypeProto.Tensor floats = TypeProto.Tensor.newBuilder().setElemType(1).build();
    TypeProto element = TypeProto.newBuilder().setTensorType(floats).build();
    TypeProto sequence =
        TypeProto.newBuilder()
            .setSequenceType(TypeProto.Sequence.newBuilder().setElemType(element))
            .build();
    ValueInfoProto input = ValueInfoProto.newBuilder().setName("s").setType(sequence).build();
    assertThatThrownBy(() ->
            read(
                TestModel.opset(18)
                    .input(input)
                    .node(node("SequenceLength").in("s").out("y"))
                    .output("y")))
        .hasMessageContaining("input 's' is a sequence");
    assertThatThrownBy(() ->
            read(
                TestModel.opset(18)
                    .input("x", FLOATS)
                    .node(node("SplitToSequence").in("x").out("y"))
                    .output("y")))
        .hasMessageContaining("output 'y' is a sequence of length 2");
  }

  @Test
  void refusesPositionsThatDoNotExist() {
    assertThatThrownBy(() ->
            read(
                TestModel.opset(18)
                    .input("x", FLOATS)
                    .initializer("p", number(1))
                    .node(node("SequenceConstruct").in("x").out("s"))
                    .node(node("SequenceAt").in("s", "p").out("y"))
                    .output("y")))
        .hasMessageContaining("position 1 of a sequence with 1 places");
  }
}
