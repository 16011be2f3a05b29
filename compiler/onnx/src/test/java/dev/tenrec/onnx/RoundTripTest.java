package dev.tenrec.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.ir.testing.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What is exported means the same when it is imported again, and from then on stays the same, byte
 * for byte. (Not from the first time on: an operation that ONNX lacks comes back as several.)
 */
class RoundTripTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  static Stream<SampleGraphs.Sample> samples() {
    return SampleGraphs.all().stream();
  }

  @ParameterizedTest
  @MethodSource("samples")
  void keepsMeaning(SampleGraphs.Sample sample) throws IOException {
    Graph graph = sample.graph();
    Graph again = importAgain(OnnxExporter.toBytes(graph));
    ImmutableMap<String, Tensor> inputs = inputs(graph);
    Tensors.assertClose(
        Interpreter.of(again).run(inputs), Interpreter.of(graph).run(inputs), 1e-6, 1e-5);
    assertThat(again.outputs())
        .extracting(output -> output.value().type().elementType())
        .containsExactlyElementsOf(
            graph.outputs().stream().map(output -> output.value().elementType()).toList());
  }

  @ParameterizedTest
  @MethodSource("samples")
  void isStableFromTheSecondTimeOn(SampleGraphs.Sample sample) throws IOException {
    assertStable(sample.graph());
  }

  @Test
  void coversEveryOperation() {
    Set<Class<?>> covered = new HashSet<>();
    SampleGraphs.all().stream()
        .flatMap(sample -> sample.graph().nodes().stream())
        .forEach(node -> covered.add(node.op().getClass()));
    assertThat(covered).containsAll(records(Op.class));
  }

  private static List<Class<?>> records(Class<?> sealed) {
    return Arrays.stream(sealed.getPermittedSubclasses())
        .filter(kind -> kind != CustomOp.class)
        .<Class<?>>flatMap(
            kind -> kind.isSealed() ? records(kind).stream() : Stream.<Class<?>>of(kind))
        .toList();
  }

  @Test
  void keepsTheDigitsModel() throws IOException {
    Graph graph = OnnxImporter.read(SharedData.repository().resolve("testdata/digits/digits.onnx"));
    Graph again = importAgain(OnnxExporter.toBytes(graph));
    assertThat(operations(again)).isEqualTo(operations(graph));
    assertStable(graph);
  }

  /** Names that the model lacked are new, and constants may come at another place. */
  private static List<String> operations(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> !(node.op() instanceof Source.Constant))
        .map(node ->
            "%s: %s at %s"
                .formatted(
                    node.op().getClass().getSimpleName(),
                    node.result().type(),
                    node.location().label().replaceFirst("_\\d+$", "")))
        .toList();
  }

  @Test
  void keepsLoops() throws IOException {
    Graph graph = OnnxImporter.read(TestGraphs.loop().write(folder));
    Graph again = importAgain(OnnxExporter.toBytes(graph));
    assertStable(graph);
    ImmutableMap<String, Tensor> inputs =
        ImmutableMap.of("start", Tensors.random(1, 2, 3), "x", Tensors.random(2, 4, 2, 3));
    Tensors.assertClose(Interpreter.of(again).run(inputs), Interpreter.of(graph).run(inputs), 0, 0);
  }

  private void assertStable(Graph graph) throws IOException {
    byte[] second = OnnxExporter.toBytes(importAgain(OnnxExporter.toBytes(graph)));
    byte[] third = OnnxExporter.toBytes(importAgain(second));
    assertThat(third).isEqualTo(second);
  }

  private Graph importAgain(byte[] model) throws IOException {
    Path file = Files.createTempFile(folder, "model", ".onnx");
    return OnnxImporter.read(Files.write(file, model));
  }

  private static ImmutableMap<String, Tensor> inputs(Graph graph) {
    ImmutableList<Value> inputs = graph.inputs();
    ImmutableMap.Builder<String, Tensor> tensors = ImmutableMap.builder();
    for (int i = 0; i < inputs.size(); i++) {
      Value input = inputs.get(i);
      tensors.put(input.name(), Tensors.random(SampleGraphs.withSizes(input.type()), i));
    }
    return tensors.buildOrThrow();
  }
}
