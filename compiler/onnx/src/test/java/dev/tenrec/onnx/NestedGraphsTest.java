package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.proto.AttributeProto;
import dev.tenrec.onnx.proto.AttributeProto.AttributeType;
import dev.tenrec.onnx.proto.FunctionProto;
import dev.tenrec.onnx.proto.ModelProto;
import dev.tenrec.onnx.proto.OperatorSetIdProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graphs inside of nodes, and functions. */
class NestedGraphsTest {
  private static final TensorType FLOATS = TensorType.of(ElementType.FLOAT32, 2, 3);
  private static final String DOMAIN = "com.acme";

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void callsFunctions() throws IOException {
    FunctionProto function =
        function("Scaled", "x", "slope")
            .addNode(
                node("LeakyRelu")
                    .in("x")
                    .out("y")
                    .with(
                        AttributeProto.newBuilder()
                            .setName("alpha")
                            .setType(AttributeType.FLOAT)
                            .setRefAttrName("slope"))
                    .proto())
            .build();
    TestModel.Node given = call("Scaled").in("x").out("a").with("slope", 0.5);
    TestModel.Node defaulted = call("Scaled").in("a").out("y");
    Graph graph =
        read(
            TestModel.opset(18).input("x", FLOATS).node(given).node(defaulted).output("y"),
            function);
    Tensor x = Tensors.random(1, 2, 3);
    Tensor y = Interpreter.of(graph).run(ImmutableMap.of("x", x)).values().iterator().next();
    Tensors.assertClose(
        y,
        Tensor.ofDoubles(
            ElementType.FLOAT32,
            x.sizes(),
            i -> x.getDouble(i) * (x.getDouble(i) < 0 ? 0.5 * 0.01 : 1)),
        1e-6,
        1e-5);
    assertThat(graph.nodes().getFirst().location().describe())
        .isEqualTo("model.onnx:graph/node[0].Scaled/node[0] '' (LeakyRelu)");
  }

  /** Names inside of a function are its own, also where the graph has the same ones. */
  @Test
  void keepsNamesOfFunctionsApart() throws IOException {
    FunctionProto function =
        function("Twice", "a")
            .addNode(node("Add").in("a", "a").out("x").proto())
            .addNode(node("Neg").in("x").out("y").proto())
            .build();
    Graph graph =
        read(
            TestModel.opset(18)
                .input("x", FLOATS)
                .node(call("Twice").in("x").out("y1"))
                .node(node("Add").in("x", "y1").out("y"))
                .output("y"),
            function);
    Tensor x = Tensors.random(1, 2, 3);
    Tensor y = Interpreter.of(graph).run(ImmutableMap.of("x", x)).values().iterator().next();
    assertThat(y).isEqualTo(Tensor.ofDoubles(ElementType.FLOAT32, x.sizes(), i -> -x.getDouble(i)));
  }

  @Test
  void refusesMoreThanAFunctionTakes() {
    FunctionProto function =
        function("Negated", "a").addNode(node("Neg").in("a").out("y").proto()).build();
    TestModel model =
        TestModel.opset(18)
            .input("x", FLOATS)
            .node(call("Negated").in("x", "x").out("y"))
            .output("y");
    assertThatThrownBy(() -> read(model, function))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("input 1, 'x', is one too many: Negated has at most 1");
  }

  @Test
  void refusesFunctionsWithoutEnd() {
    FunctionProto endless =
        function("Endless", "x").addNode(call("Endless").in("x").out("y").proto()).build();
    FunctionProto.Builder twice = function("Level0", "x");
    twice.addNode(node("Neg").in("x").out("y").proto());
    ModelProto.Builder model =
        TestModel.opset(18)
            .input("x", FLOATS)
            .node(call("Endless").in("x").out("y"))
            .output("y")
            .build()
            .toBuilder();
    assertThatThrownBy(() -> read(model.addFunctions(endless)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("TOO_LARGE");
    model.clearFunctions().addFunctions(twice);
    for (int level = 1; level < 40; level++) {
      String below = "Level" + (level - 1);
      model.addFunctions(
          function("Level" + level, "x")
              .addNode(call(below).in("x").out("once").proto())
              .addNode(call(below).in("once").out("y").proto()));
    }
    model.getGraphBuilder().setNode(0, call("Level39").in("x").out("y").proto());
    assertThatThrownBy(() -> read(model))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("functions are called more than 100000 times");
  }

  @Test
  void importsTheBranchThatIsTaken() throws IOException {
    TestModel wrong = TestModel.opset(18).node(node("Frobnicate").in("x").out("z")).output("z");
    TestModel right = TestModel.opset(18).node(node("Neg").in("x").out("z")).output("z");
    Graph graph =
        read(
            TestModel.opset(18)
                .input("x", FLOATS)
                .initializer("no", Tensor.scalar(ElementType.BOOL, 0))
                .node(
                    node("If")
                        .in("no")
                        .out("y")
                        .with("then_branch", wrong.graph())
                        .with("else_branch", right.graph()))
                .output("y"));
    assertThat(graph.nodes()).hasSize(1);
  }

  @Test
  void refusesBranchesOfDifferentTypes() {
    TestModel one = TestModel.opset(18).node(node("Neg").in("x").out("z")).output("z");
    TestModel other =
        TestModel.opset(18)
            .node(node("ReduceSum").in("x").out("z").with("keepdims", 0))
            .output("z");
    assertThatThrownBy(() ->
            read(
                TestModel.opset(18)
                    .input("x", FLOATS)
                    .input("flag", TensorType.of(ElementType.BOOL))
                    .node(
                        node("If")
                            .in("flag")
                            .out("y")
                            .with("then_branch", one.graph())
                            .with("else_branch", other.graph()))
                    .output("y")))
        .hasMessageContaining("branches of different types float[2,3] and float");
  }

  @Test
  void reportsAnUnsupportedNodeInsideOnce() {
    TestModel body =
        TestModel.opset(18)
            .input("state", FLOATS)
            .input("step", TensorType.of(ElementType.FLOAT32, 3))
            .node(node("Frobnicate").name("inner").in("state").out("next"))
            .output("next", FLOATS);
    Path file =
        TestModel.opset(18)
            .input("x", FLOATS)
            .node(
                node("Scan")
                    .in("x", "x")
                    .out("last")
                    .with("body", body.graph())
                    .with("num_scan_inputs", 1))
            .node(node("Neg").in("last").out("y"))
            .output("y")
            .write(folder);
    List<TenrecException> findings = OnnxImporter.check(file);
    assertThat(findings)
        .singleElement()
        .satisfies(f -> assertThat(f).hasMessageContaining("graph/node[0].body/node[0] 'inner'"));
  }

  @Test
  void refusesABodyThatDoesNotFit() {
    TestModel body = TestModel.opset(18).input("state", FLOATS).output("state", FLOATS);
    assertThatThrownBy(() ->
            read(
                TestModel.opset(18)
                    .input("x", FLOATS)
                    .node(
                        node("Scan")
                            .in("x", "x")
                            .out("y")
                            .with("body", body.graph())
                            .with("num_scan_inputs", 1))
                    .output("y")))
        .hasMessageContaining("the body has 1 inputs, but is given 2");
  }

  private static TestModel.Node call(String function) {
    TestModel.Node node = node(function);
    node.proto().setDomain(DOMAIN);
    return node;
  }

  private static FunctionProto.Builder function(String name, String input, String... attributes) {
    return FunctionProto.newBuilder()
        .setDomain(DOMAIN)
        .setName(name)
        .addInput(input)
        .addOutput("y")
        .addAllAttribute(List.of(attributes))
        .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(18));
  }

  private Graph read(TestModel model, FunctionProto... functions) throws IOException {
    return read(model.build().toBuilder().addAllFunctions(List.of(functions)));
  }

  private Graph read(ModelProto.Builder model) throws IOException {
    return OnnxImporter.read(
        Files.write(folder.resolve("model.onnx"), model.build().toByteArray()));
  }
}
