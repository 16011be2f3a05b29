package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Parameters that an operator must know are computed, or the inputs behind them are named. */
class KnownValuesTest {
  private static final TensorType FLOATS = TensorType.of(ElementType.FLOAT32, 2, 1, 3, 1);
  private static final TensorType AXES = TensorType.of(ElementType.INT64, 1);

  @TempDir private Path folder;

  private Path file(TestModel model) throws IOException {
    return Files.write(folder.resolve("model.onnx"), model.bytes());
  }

  /** Squeezes the axis that a constant, multiplied and converted, tells. */
  private static TestModel computing() {
    return TestModel.opset(13)
        .input("x", FLOATS)
        .initializer("half", Tensors.floats(1.5))
        .initializer("two", Tensors.floats(2))
        .node(node("Mul").in("half", "two").out("axis"))
        .node(node("Cast").in("axis").out("axes").with("to", 7))
        .node(node("Squeeze").in("x", "axes").out("y"))
        .output("y");
  }

  private static TestModel given() {
    return TestModel.opset(13)
        .input("x", FLOATS)
        .input("axis", AXES)
        .input("offset", AXES)
        .node(node("Add").in("axis", "offset").out("axes"))
        .node(node("Squeeze").in("x", "axes").out("y"))
        .output("y");
  }

  @Test
  void computesWhatConstantsDecide() throws IOException {
    Graph graph = OnnxImporter.read(file(computing()));
    assertThat(graph.outputs().getFirst().value().type())
        .isEqualTo(TensorType.of(ElementType.FLOAT32, 2, 1, 3));
  }

  @Test
  void namesTheInputsBehindWhatItMustKnow() throws IOException {
    Path file = file(given());
    TenrecException error =
        catchThrowableOfType(TenrecException.class, () -> OnnxImporter.read(file));
    assertThat(error.neededInputs()).containsExactly("axis", "offset");
  }

  @Test
  void takesThemAsConstants() throws IOException {
    Map<String, Tensor> constants = Map.of("axis", Tensor.ofLongs(2), "offset", Tensor.ofLongs(-1));
    Graph graph = OnnxImporter.read(file(given()), constants);
    assertThat(graph.inputs()).hasSize(1);
    assertThat(graph.outputs().getFirst().value().type())
        .isEqualTo(TensorType.of(ElementType.FLOAT32, 2, 3, 1));
  }

  @Test
  void tellsNamesWithoutImporting() throws IOException {
    OnnxImporter.Names names = OnnxImporter.names(file(computing()));
    assertThat(names.inputs()).containsExactly("x");
    assertThat(names.outputs()).containsExactly("y");
    assertThat(OnnxImporter.names(file(given())).inputs()).containsExactly("x", "axis", "offset");
  }
}
