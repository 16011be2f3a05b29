package dev.tenrec.onnx;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.testing.Twice;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.ModelProto;
import dev.tenrec.onnx.proto.NodeProto;
import dev.tenrec.onnx.proto.TensorProto;
import dev.tenrec.onnx.proto.TensorShapeProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What an exported model looks like from outside. */
class OnnxExporterTest {
  private static final TensorType ROWS =
      new TensorType(ElementType.FLOAT32, Shape.of(Dim.symbol("batch"), Dim.of(3)));

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private final GraphBuilder builder = new GraphBuilder("test");

  @Test
  void keepsNamesSizesAndPlaces() {
    Value x = builder.input("image data", ROWS);
    Location place =
        new Location.OnnxNode("m.onnx", "graph", 4, "encoder/act", "Neg", "model.py:27");
    Node node = Node.of(new Unary(UnaryKind.NEG, x), place, List.of("hidden"));
    builder.add(node);
    builder.output("logits", node.result());
    GraphProto graph = export();
    assertThat(graph.getInputList()).extracting(ValueInfoProto::getName).contains("image data");
    assertThat(graph.getOutput(0).getName()).isEqualTo("logits");
    TensorShapeProto shape = graph.getInput(0).getType().getTensorType().getShape();
    assertThat(shape.getDim(0).getDimParam()).isEqualTo("batch");
    assertThat(shape.getDim(1).getDimValue()).isEqualTo(3);
    NodeProto exported = graph.getNode(0);
    assertThat(exported.getName()).isEqualTo("encoder/act");
    assertThat(exported.getMetadataProps(0).getValue()).isEqualTo("model.py:27");
  }

  @Test
  void givesEachValueANameOfItsOwn() {
    Value x = builder.input("x", ROWS);
    Node first = named("y", new Unary(UnaryKind.NEG, x));
    Node second = named("y", new Unary(UnaryKind.EXP, first.result()));
    Node third = named("x", new Unary(UnaryKind.ABS, second.result()));
    builder.output("y", third.result());
    assertThat(export().getNodeList())
        .extracting(node -> node.getOutput(0))
        .containsExactly("y_1", "y_2", "y");
  }

  private Node named(String name, Unary op) {
    return builder.add(Node.of(op, Location.UNKNOWN, List.of(name)));
  }

  /** One value under two names, an input and a constant as outputs. */
  @Test
  void copiesWhatAnOutputCannotBe() throws IOException {
    Value x = builder.input("x", ROWS);
    Value negative = builder.add(new Unary(UnaryKind.NEG, x));
    builder.output("first", negative);
    builder.output("second", negative);
    builder.output("x", x);
    builder.output("copy of x", x);
    builder.output("constant", builder.add(new Source.Constant(Tensors.floats(1, 2))));
    Graph graph = builder.build();
    assertThat(export().getNodeList())
        .extracting(NodeProto::getOpType)
        .containsExactlyInAnyOrder("Neg", "Identity", "Identity", "Identity");
    ImmutableMap<String, Tensor> inputs = ImmutableMap.of("x", Tensors.random(1, 2, 3));
    Tensors.assertClose(
        Interpreter.of(importAgain(graph)).run(inputs), Interpreter.of(graph).run(inputs), 0, 0);
  }

  @Test
  void refusesOneNameForTwoValues() {
    Value x = builder.input("x", ROWS);
    builder.output("x", builder.add(new Unary(UnaryKind.NEG, x)));
    assertThatThrownBy(this::export)
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("an input and an output are both named 'x'");
  }

  @Test
  void writesSmallConstantsOnce() {
    Value x = builder.input("x", ROWS);
    Value y = x;
    for (int i = 0; i < 3; i++) {
      Value two = builder.add(new Source.Constant(Tensor.scalar(ElementType.FLOAT32, 2)));
      y = builder.add(new Binary(BinaryKind.MUL, y, two));
    }
    builder.output("y", y);
    assertThat(export().getInitializerList())
        .extracting(TensorProto::getName)
        .containsExactly("float(2.0)");
  }

  @Test
  void leavesOutWhatNothingReads() {
    Value x = builder.input("x", ROWS);
    builder.add(new Unary(UnaryKind.EXP, x));
    builder.add(new Source.Constant(Tensors.floats(1, 2)));
    builder.output("y", builder.add(new Unary(UnaryKind.NEG, x)));
    assertThat(export().getNodeCount()).isEqualTo(1);
    assertThat(export().getInitializerCount()).isZero();
  }

  @Test
  void expandsCustomOperations() throws IOException {
    Value x = builder.input("x", ROWS);
    Value twice = builder.add(new Twice(x));
    builder.output("y", twice);
    builder.output("z", builder.add(new Twice(twice)));
    ImmutableMap<String, Tensor> inputs = ImmutableMap.of("x", Tensors.random(1, 2, 3));
    Graph graph = builder.build();
    Tensors.assertClose(
        Interpreter.of(importAgain(graph)).run(inputs), Interpreter.of(graph).run(inputs), 0, 0);
  }

  @Test
  void writesWeightsIntoAFileOfTheirOwn() throws IOException {
    Tensor weights = Tensors.random(7, 2000, 3);
    Value x = builder.input("x", ROWS);
    Value w = builder.add(new Source.Constant(weights));
    Value b = builder.add(new Source.Constant(Tensors.floats(1, 2, 3)));
    builder.output("y", builder.add(new Binary(BinaryKind.ADD, x, b)));
    builder.output("z", builder.add(new Unary(UnaryKind.NEG, w)));
    Graph graph = builder.build();
    Path file = folder.resolve("big.onnx");
    OnnxExporter.writeWithExternalData(graph, file);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files.map(f -> f.getFileName().toString()))
          .containsExactlyInAnyOrder("big.onnx", "big.onnx.data");
    }
    assertThat(Files.size(file)).isLessThan(2000);
    ImmutableMap<String, Tensor> inputs = ImmutableMap.of("x", Tensors.random(1, 2, 3));
    Tensors.assertClose(
        Interpreter.of(OnnxImporter.read(file)).run(inputs),
        Interpreter.of(graph).run(inputs),
        0,
        0);
  }

  @Test
  void leavesNothingBehindWhenItFails() throws IOException {
    builder.output("y", builder.input("x", ROWS));
    Path file = folder.resolve("absent/model.onnx");
    Graph graph = builder.build();
    assertThatThrownBy(() -> OnnxExporter.write(graph, file))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.IO))
        .hasMessageContaining("%s cannot be written".formatted(file));
    Path taken = Files.createDirectories(folder.resolve("taken"));
    Files.createDirectories(taken.resolve("inside"));
    assertThatThrownBy(() -> OnnxExporter.write(graph, taken)).isInstanceOf(TenrecException.class);
    try (Stream<Path> files = Files.list(folder)) {
      assertThat(files).containsExactly(taken);
    }
  }

  private GraphProto export() {
    try {
      return ModelProto.parseFrom(OnnxExporter.toBytes(builder.build())).getGraph();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private Graph importAgain(Graph graph) throws IOException {
    Path file = Files.createTempFile(folder, "model", ".onnx");
    return OnnxImporter.read(Files.write(file, OnnxExporter.toBytes(graph)));
  }
}
