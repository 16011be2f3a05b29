package dev.tenrec.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.testing.SharedData;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * All cases of the archives beside the repository: none may be wrong, and at least so many must
 * pass. The numbers only ever go up.
 */
class ModelCasesTest {
  @Test
  void interpretsGraphsOfExporters() throws Exception {
    assertPassing(SharedData.unpacked("zoo"), Interpreter::of, 71);
  }

  @Test
  void runsGraphsOfExporters() throws Exception {
    assertPassing(SharedData.unpacked("zoo"), OnnxRuntimeModel::of, 71);
  }

  @Test
  void interpretsBackendCases() throws Exception {
    assertPassing(SharedData.unpacked("onnx-backend"), Interpreter::of, 1160);
  }

  @Test
  void runsBackendCases() throws Exception {
    assertPassing(SharedData.unpacked("onnx-backend"), OnnxRuntimeModel::of, 1048);
  }

  private static void assertPassing(Path folder, Function<Graph, Executable> backend, int expected)
      throws IOException {
    List<String> wrong = new ArrayList<>();
    int passed = 0;
    for (ModelCase modelCase : ModelCase.in(folder)) {
      try {
        passed += modelCase.run(backend) == ModelCase.Outcome.PASSED ? 1 : 0;
      } catch (RuntimeException | AssertionError e) {
        wrong.add(modelCase.folder().getFileName() + ": " + e.getMessage());
      }
    }
    assertThat(wrong).isEmpty();
    assertThat(passed).isGreaterThanOrEqualTo(expected);
  }
}
