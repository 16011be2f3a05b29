package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.onnx.proto.ModelProto;
import dev.tenrec.onnx.proto.OperatorSetIdProto;
import dev.tenrec.onnx.proto.StringStringEntryProto;
import dev.tenrec.onnx.proto.TensorShapeProto;
import dev.tenrec.onnx.proto.TypeProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the importer makes of a model as a whole: names, places, order and errors. */
class OnnxImporterTest {
  private static final TensorType FLOATS = TensorType.of(ElementType.FLOAT32, 2, 3);

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void importsTheDigitsModel() {
    Graph graph = OnnxImporter.read(SharedData.repository().resolve("testdata/digits/digits.onnx"));
    assertThat(graph.inputs()).singleElement().hasToString("image: float[batch,1,8,8]");
    assertThat(graph.outputs())
        .singleElement()
        .extracting(output -> output.value().type())
        .hasToString("float[batch,10]");
  }

  @Test
  void keepsNamesOfValues() {
    Graph graph =
        read(
            model()
                .node(node("Relu").in("x").out("hidden"))
                .node(node("Sum").in("hidden", "hidden", "hidden", "hidden").out("y"))
                .output("y"));
    assertThat(graph.nodes())
        .extracting(node -> node.result().name())
        .containsExactly("hidden", "", "", "y");
  }

  @Test
  void makesSymbolsOfOpenSizes() {
    ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName("x");
    TypeProto.Tensor.Builder type = info.getTypeBuilder().getTensorTypeBuilder().setElemType(1);
    TensorShapeProto.Builder shape = type.getShapeBuilder();
    shape.addDimBuilder().setDimParam("N");
    shape.addDimBuilder();
    shape.addDimBuilder().setDimValue(-1);
    shape.addDimBuilder().setDimParam("?");
    shape.addDimBuilder().setDimParam("N");
    shape.addDimBuilder().setDimValue(0);
    Graph graph =
        read(
            TestModel.opset(18)
                .input(info.build())
                .node(node("Relu").in("x").out("y"))
                .output("y"));
    assertThat(graph.inputs().getFirst().shape().dims())
        .containsExactly(
            Dim.symbol("N"),
            Dim.symbol("x.1"),
            Dim.symbol("x.2"),
            Dim.symbol("x.3"),
            Dim.symbol("N"),
            Dim.of(0));
  }

  @Test
  void takesInitializersAsDefaultsOfInputs() {
    Graph graph =
        read(
            model()
                .input("w", FLOATS)
                .initializer("w", Tensors.random(1, 2, 3))
                .node(node("Add").in("x", "w").out("y"))
                .output("y"));
    assertThat(graph.inputs()).extracting(input -> input.name()).containsExactly("x");
  }

  @Test
  void replacesInputsByConstants() {
    Path file =
        model()
            .input("shape", TensorType.of(ElementType.INT64, 1))
            .node(node("Reshape").in("x", "shape").out("y"))
            .output("y")
            .write(folder);
    Graph graph = OnnxImporter.read(file, Map.of("shape", Tensor.ofLongs(6)));
    assertThat(graph.inputs()).extracting(input -> input.name()).containsExactly("x");
    assertThat(graph.outputs().getFirst().value().type()).hasToString("float[6]");
    assertThatThrownBy(() -> OnnxImporter.read(file, Map.of("shape", Tensor.ofLongs(2, 3))))
        .hasMessageContaining("input 'shape' is int64[1], but the constant for it is int64[2]");
    assertThatThrownBy(() -> OnnxImporter.read(file, Map.of("size", Tensor.ofLongs(6))))
        .hasMessageContaining("no input is named 'size'");
  }

  @Test
  void sortsNodes() {
    Graph graph =
        read(
            model()
                .node(node("Abs").in("b").out("y"))
                .node(node("Exp").in("a").out("b"))
                .node(node("Relu").in("x").out("a"))
                .output("y"));
    assertThat(graph.nodes())
        .extracting(node -> node.result().name())
        .containsExactly("a", "b", "y");
  }

  @Test
  void tellsTheExportersSource() {
    TestModel.Node node = node("Relu").name("act").in("x").out("y");
    node.proto()
        .addMetadataProps(entry("pkg.torch.onnx.name_scopes", "['', 'encoder.act', '']"))
        .addMetadataProps(
            entry(
                "pkg.torch.onnx.stack_trace",
                """
                File "/home/someone/run.py", line 3, in main
                  model(x)
                File "/home/someone/model.py", line 27, in forward
                  return self.act(x)
                """));
    Location location = read(model().node(node).output("y")).nodes().getFirst().location();
    assertThat(location.label()).isEqualTo("act");
    assertThat(location.describe())
        .isEqualTo("model.onnx:graph/node[0] 'act' (Relu) from encoder.act model.py:27");
  }

  private static StringStringEntryProto entry(String key, String value) {
    return StringStringEntryProto.newBuilder().setKey(key).setValue(value).build();
  }

  @Test
  void namesTheWholePlaceOfAnError() {
    TestModel model =
        model()
            .node(node("Relu").in("x").out("a"))
            .node(node("Softmax").name("probabilities").in("a").out("y").with("axis", "last"))
            .output("y");
    assertThatThrownBy(() -> read(model))
        .hasMessage(
            "[INVALID_MODEL] model.onnx:graph/node[1] 'probabilities' (Softmax): attribute 'axis':"
                + " expected INT, but it is STRING (the exporter wrote a node that breaks ONNX's"
                + " rules; check the model with onnx.checker)");
  }

  @Test
  void refusesWhatItDoesNotKnow() {
    assertRefused(
        model().node(node("Frobnicate").in("x").out("y")),
        ErrorCode.UNSUPPORTED,
        "operator Frobnicate is not supported in opset 18");
    assertRefused(
        model().node(node("Relu").in("x").out("y").with("slope", 0.5)),
        ErrorCode.UNSUPPORTED,
        "attribute 'slope' is not known");
    TestModel.Node custom = node("Relu").in("x").out("y");
    custom.proto().setDomain("com.acme");
    assertRefused(
        model().node(custom),
        ErrorCode.UNSUPPORTED,
        "operator Relu is not supported in opset 1 of");
    assertRefused(
        model().node(node("Relu").in("x").out("y", "more")),
        ErrorCode.UNSUPPORTED,
        "output 1 ('more') is not supported");
    assertRefused(
        model().node(node("Relu").in("x").out("y", "z")),
        ErrorCode.UNSUPPORTED,
        "output 1 ('z') is not supported");
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 28, 1000, -1})
  void refusesOpsetsOutOfRange(long opset) {
    TestModel model = TestModel.opset(opset).input("x", FLOATS).output("x");
    assertThatThrownBy(() -> read(model))
        .hasMessageContaining("opset %d is not supported".formatted(opset));
  }

  @Test
  void refusesRunTimeValuesOfParameters() {
    assertRefused(
        model()
            .input("axes", TensorType.of(ElementType.INT64, 1))
            .node(node("Squeeze").in("x", "axes").out("y")),
        ErrorCode.UNSUPPORTED,
        "input 1, axes, is computed at run time (it must be a constant; export the model with"
            + " fixed parameters)");
  }

  @Test
  void refusesBrokenGraphs() {
    assertRefused(
        model().node(node("Relu").in("nowhere").out("y")),
        ErrorCode.INVALID_MODEL,
        "input 0, 'nowhere', is not computed anywhere");
    assertRefused(
        model().node(node("Relu").in("").out("y")), ErrorCode.INVALID_MODEL, "input 0 is missing");
    assertRefused(
        model().node(node("Relu").in("x").out("y")).node(node("Abs").in("x").out("y")),
        ErrorCode.INVALID_MODEL,
        "graph/node[1] '' (Abs): 'y' is computed twice");
    assertRefused(
        model().node(node("Relu").in("x").out("x")).node(node("Relu").in("x").out("y")),
        ErrorCode.INVALID_MODEL,
        "'x' is computed twice");
    assertRefused(
        model().node(node("Add").in("x", "b").out("y")).node(node("Abs").in("y").out("b")),
        ErrorCode.INVALID_MODEL,
        "cycle");
    assertRefused(model(), ErrorCode.INVALID_MODEL, "output 'y' is not computed");
    assertRefused(
        model().input("x", FLOATS).node(node("Relu").in("x").out("y")),
        ErrorCode.INVALID_MODEL,
        "two inputs are named 'x'");
    assertRefused(
        model().output("y").node(node("Relu").in("x").out("y")),
        ErrorCode.INVALID_MODEL,
        "two outputs are named 'y'");
    Tensor tensor = Tensors.floats(1);
    assertRefused(
        model().initializer("w", tensor).initializer("w", tensor),
        ErrorCode.INVALID_MODEL,
        "two initializers are named 'w'");
  }

  @Test
  void refusesMoreInputsThanAnOperatorHas() {
    assertRefused(
        model().node(node("Relu").name("act").in("x", "x").out("y")),
        ErrorCode.INVALID_MODEL,
        "model.onnx:graph/node[0] 'act' (Relu): input 1, 'x', is one too many: Relu has at most 1"
            + " (leave it away, or name the operator that reads it)");
    assertRefused(
        model().node(node("Clip").in("x", "", "", "", "x").out("y")),
        ErrorCode.INVALID_MODEL,
        "input 4, 'x', is one too many: Clip has at most 3");
  }

  @Test
  void takesInputsThatAreLeftOut() {
    Path file = model().node(node("Relu").in("x", "", "").out("y")).output("y").write(folder);
    assertThat(OnnxImporter.read(file).nodes()).hasSize(1);
  }

  @Test
  void refusesWrongTypes() {
    assertRefused(
        model()
            .initializer("w", Tensor.ofLongs(1, 2, 3))
            .node(node("Add").name("sum").in("x", "w").out("y")),
        ErrorCode.INVALID_TYPE,
        "model.onnx:graph/node[0] 'sum' (Add): operands float[2,3] and int64[3] have different");
    assertRefused(
        model().node(node("Softmax").in("x").out("y").with("axis", 2)),
        ErrorCode.INVALID_MODEL,
        "axis 2 does not exist in rank 2");
  }

  @Test
  void refusesOutputsThatAreNotWhatIsDeclared() throws IOException {
    Path file = folder.resolve("model.onnx");
    ModelProto.Builder model =
        model().node(node("Relu").in("x").out("y")).output("y").build().toBuilder();
    model
        .getGraphBuilder()
        .getOutputBuilder(0)
        .getTypeBuilder()
        .getTensorTypeBuilder()
        .setElemType(7)
        .setShape(TensorShapeProto.getDefaultInstance());
    Files.write(file, model.build().toByteArray());
    assertThatThrownBy(() -> OnnxImporter.read(file))
        .hasMessageContaining("output 'y' is declared as int64, but computed as float");
    model.getGraphBuilder().clearOutput();
    Files.write(file, model.build().toByteArray());
    assertThatThrownBy(() -> OnnxImporter.read(file)).hasMessageContaining("it has no outputs");
  }

  @Test
  void refusesInputsThatAreNoTensorsOfKnownRank() {
    ValueInfoProto.Builder info = ValueInfoProto.newBuilder().setName("x");
    assertThatThrownBy(() -> read(TestModel.opset(18).input(info.build()).output("x")))
        .hasMessageContaining("input 'x' is not a tensor");
    info.getTypeBuilder().getTensorTypeBuilder().setElemType(1);
    assertThatThrownBy(() -> read(TestModel.opset(18).input(info.build()).output("x")))
        .hasMessageContaining("input 'x' does not say how many dimensions it has");
  }

  @Test
  void refusesFilesThatAreNoModels() throws IOException {
    Path file = folder.resolve("model.onnx");
    assertThatThrownBy(() -> OnnxImporter.read(file))
        .hasMessage("[IO] file '%s' does not exist".formatted(file));
    assertThatThrownBy(() -> OnnxImporter.read(folder)).hasMessageContaining("is not a file");
    Files.write(file, new byte[0]);
    assertThatThrownBy(() -> OnnxImporter.read(file))
        .hasMessage("[INVALID_MODEL] %s: the file is empty".formatted(file));
    Files.writeString(file, "<!DOCTYPE html>");
    assertThatThrownBy(() -> OnnxImporter.read(file))
        .hasMessageContaining("[INVALID_MODEL] " + file + ": it is not an ONNX file, or damaged");
    Files.write(file, ModelProto.newBuilder().setIrVersion(8).build().toByteArray());
    assertThatThrownBy(() -> OnnxImporter.read(file)).hasMessageContaining("it has no graph");
  }

  @Test
  void refusesModelsWithoutOpset() throws IOException {
    ModelProto.Builder model =
        model().node(node("Relu").in("x").out("y")).output("y").build().toBuilder();
    Path file = folder.resolve("model.onnx");
    Files.write(file, model.clone().clearOpsetImport().build().toByteArray());
    assertThatThrownBy(() -> OnnxImporter.read(file))
        .hasMessageContaining("the model does not say which opset it uses");
    OperatorSetIdProto named =
        OperatorSetIdProto.newBuilder().setDomain("ai.onnx").setVersion(18).build();
    Files.write(file, model.clone().setOpsetImport(0, named).build().toByteArray());
    assertThat(OnnxImporter.read(file).nodes()).hasSize(1);
  }

  @Test
  void findsAllUnsupportedNodesAtOnce() {
    Path file =
        model()
            .node(node("Foo").name("first").in("x").out("a"))
            .node(node("Relu").in("a").out("passed over"))
            .node(node("Bar").name("typed").in("x").out("b"))
            .node(node("Relu").in("b").out("c"))
            .node(node("Baz").name("last").in("c").out("y"))
            .type("b", FLOATS)
            .output("y", "passed over")
            .write(folder);
    List<TenrecException> findings = OnnxImporter.check(file);
    assertThat(findings)
        .extracting(finding -> finding.location().label())
        .containsExactly("first", "typed", "last");
    assertThat(findings).allSatisfy(f -> assertThat(f.code()).isEqualTo(ErrorCode.UNSUPPORTED));
  }

  @Test
  void findsNothingInAModelThatIsSupported() {
    Path file = model().node(node("Relu").in("x").out("y")).output("y").write(folder);
    assertThat(OnnxImporter.check(file)).isEmpty();
    assertThat(GraphPrinter.print(OnnxImporter.read(file))).contains("y = Relu(x)");
  }

  private static TestModel model() {
    return TestModel.opset(18).input("x", FLOATS);
  }

  private Graph read(TestModel model) {
    return OnnxImporter.read(model.write(folder));
  }

  private void assertRefused(TestModel model, ErrorCode code, String problem) {
    assertThatThrownBy(() -> read(model.output("y")))
        .isInstanceOfSatisfying(TenrecException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(problem)
        .hasMessageContaining("model.onnx");
  }
}
