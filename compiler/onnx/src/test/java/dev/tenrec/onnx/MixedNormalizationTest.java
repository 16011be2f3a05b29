package dev.tenrec.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Normalizations whose scale has fewer bits than what they scale. */
class MixedNormalizationTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void theResultIsOfTheTypeOfWhatIsNormalized() {
    Tensor scale = Tensor.ofDoubles(ElementType.FLOAT16, Tensors.sizes(4), i -> i + 1);
    Graph graph =
        OnnxImporter.read(
            TestModel.opset(17)
                .input("x", TensorType.of(ElementType.FLOAT32, 3, 4))
                .initializer("s", scale)
                .initializer("b", scale)
                .node(TestModel.node("LayerNormalization").in("x", "s", "b").out("y"))
                .output("y")
                .write(folder));
    assertThat(graph.outputs().getFirst().value().type())
        .isEqualTo(TensorType.of(ElementType.FLOAT32, 3, 4));
  }
}
