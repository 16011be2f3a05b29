package dev.tenrec.compiler;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.compiler.accuracy.Classification;
import dev.tenrec.compiler.accuracy.LabelledData;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.tensorrt.ShapeProfile;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The example of the README, which must be the method here word for word. */
class QuickStartTest {
  private static void quickStart(Path testdata, PrintStream out) {
    Path digits = testdata.resolve("digits");
    // README
    Graph graph =
        Compiler.optimize(digits.resolve("digits.onnx"), PrecisionSettings.of(Precision.FP32));
    Map<String, Tensor> arrays = Npz.read(digits.resolve("test.npz"));
    LabelledData samples = LabelledData.of(Signature.of(graph), arrays, "label");
    try (Executable classifier = Backend.CPU.open(graph, ShapeProfile.NONE)) {
      for (Map<String, Tensor> batch : samples.inputs()) {
        Map<String, Tensor> outputs = classifier.run(batch);
        out.println(outputs);
      }
      out.println(Classification.measure(classifier, samples, Optional.empty()));
    }
    // END
  }

  @Test
  void theExampleRuns() {
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    quickStart(
        SharedData.repository().resolve("testdata"),
        new PrintStream(printed, true, StandardCharsets.UTF_8));
    assertThat(printed.toString(StandardCharsets.UTF_8))
        .endsWith("Classification[correct=594, samples=597]\n");
  }

  @Test
  void theReadmeShowsTheExample() throws IOException {
    Path source =
        SharedData.repository()
            .resolve("compiler/driver/src/test/java/dev/tenrec/compiler/QuickStartTest.java");
    String text = Files.readString(source);
    int start = text.indexOf("// README\n") + "// README\n".length();
    String example =
        text.substring(start, text.indexOf("    // END", start)).stripTrailing().stripIndent();
    String readme = Files.readString(SharedData.repository().resolve("README.md"));
    assertThat(readme).contains(example.replace("out.println", "System.out.println"));
  }
}
