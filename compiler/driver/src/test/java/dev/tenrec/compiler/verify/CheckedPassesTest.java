package dev.tenrec.compiler.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.check.CheckEach;
import dev.tenrec.passes.check.CheckReport;
import dev.tenrec.passes.check.GeneratedInputs;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Every pass and every rewrite keeps what real graphs compute, on inputs that are made up. */
class CheckedPassesTest {
  private static final double TOLERANCE = 1e-5;

  @Test
  void everyRewriteOfTheZooKeepsItsValue() throws IOException, InterruptedException {
    Map<String, CheckReport> wrong = new TreeMap<>();
    for (BackendCase model : BackendCase.find(List.of(SharedData.unpacked("zoo")))) {
      CheckReport report = check(model.model());
      if (!report.passed()) {
        wrong.put(model.name(), report);
      }
    }
    assertThat(wrong).isEmpty();
  }

  @Test
  void everyRewriteOfTheDigitsKeepsItsValue() {
    CheckReport report = check(SharedData.repository().resolve("testdata/digits/digits.onnx"));
    assertThat(report.passed()).as(report.toString()).isTrue();
    assertThat(report.rewrites()).isNotEmpty();
  }

  private static CheckReport check(Path model) {
    Graph graph = OnnxImporter.read(model);
    CheckEach check = new CheckEach(graph, GeneratedInputs.of(graph, 1).inputs(), TOLERANCE);
    Pipeline.standard().run(graph, new PassContext(Long.MAX_VALUE, check), check);
    return check.report();
  }
}
