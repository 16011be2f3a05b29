package dev.tenrec.onnx;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Recurrent operators with the batch in front. ONNX Runtime does not have them on the CPU: what
 * they compute is what the others do, transposed.
 */
class RecurrentLayoutTest {
  private static final long STEPS = 3;
  private static final long BATCH = 2;
  private static final long INPUT = 4;
  private static final long HIDDEN = 5;

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @ParameterizedTest
  @CsvSource({
    "RNN,1,forward",
    "RNN,1,bidirectional",
    "GRU,3,reverse",
    "GRU,3,bidirectional",
    "LSTM,4,forward",
    "LSTM,4,bidirectional"
  })
  void batchFirstIsTheSameTransposed(String operator, long gates, String direction) {
    long directions = direction.equals("bidirectional") ? 2 : 1;
    ImmutableMap<String, Tensor> inputs =
        ImmutableMap.of(
            "x",
            Tensors.random(1, STEPS, BATCH, INPUT),
            "h",
            Tensors.random(2, directions, BATCH, HIDDEN));
    TestModel.Node plain =
        layer(operator, direction).in("x", "w", "r", "", "", "h").out("y", "y_h");
    TestModel.Node batched =
        layer(operator, direction)
            .in("x1", "w", "r", "", "", "h1")
            .out("y1", "y_h1")
            .with("layout", 1);
    TestModel transposed =
        model(gates, inputs)
            .node(node("Transpose").in("x").out("x1").with("perm", ints(1, 0, 2)))
            .node(node("Transpose").in("h").out("h1").with("perm", ints(1, 0, 2)))
            .node(batched)
            .node(node("Transpose").in("y1").out("y").with("perm", ints(1, 2, 0, 3)))
            .node(node("Transpose").in("y_h1").out("y_h").with("perm", ints(1, 0, 2)));
    assertThat(run(transposed, inputs)).isEqualTo(run(model(gates, inputs).node(plain), inputs));
  }

  private static TestModel.Node layer(String operator, String direction) {
    return node(operator).with("hidden_size", HIDDEN).with("direction", direction);
  }

  private static TestModel model(long gates, ImmutableMap<String, Tensor> inputs) {
    TestModel model = TestModel.opset(14);
    inputs.forEach((name, tensor) -> model.input(name, TensorType.of(tensor)));
    long directions = inputs.values().asList().get(1).size(0);
    return model
        .initializer("w", Tensors.random(3, directions, gates * HIDDEN, INPUT))
        .initializer("r", Tensors.random(4, directions, gates * HIDDEN, HIDDEN));
  }

  private ImmutableMap<String, Tensor> run(TestModel model, ImmutableMap<String, Tensor> inputs) {
    return Interpreter.of(OnnxImporter.read(model.output("y", "y_h").write(folder))).run(inputs);
  }
}
