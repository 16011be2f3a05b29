package dev.tenrec.compiler.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The page of a graph with ten thousand nodes. */
class LargeReportTest {
  private static final int NODES = 10_000;
  private static final long MOST_BYTES = 10_000_000;

  @TempDir private static Path folder;
  private static Path report;

  @BeforeAll
  static void write() {
    Graph graph = LargeGraph.of(NODES);
    RecordPasses record = new RecordPasses(graph);
    Pipeline passes = Pipeline.standard().then(new AssignPrecision(ElementType.FLOAT16));
    Graph last = passes.run(graph, new PassContext(Long.MAX_VALUE, record), record);
    NetworkListing network = NetworkListing.of(last, Legalization.EXACT, TensorRtVersion.NEWEST);
    report = ReportPage.write(CompileReport.of("large.onnx", "fp16", record, network), folder);
  }

  @Test
  void thePageIsSmall() throws IOException {
    assertThat(Files.size(report)).isLessThan(MOST_BYTES);
  }

  @Test
  void thePageCanBeUsed() throws IOException, InterruptedException {
    try (Chromium chromium = Chromium.start()) {
      BrowserPage page = chromium.open(report);
      page.await("document.querySelector('#passes')");
      page.click("#page a", "fuse-gelu");
      page.await("document.querySelectorAll('#listing .row').length > 20");
      assertThat(page.count("#listing .row")).isLessThan(200);
      assertThat(page.count("#after .node")).isBetween(3, 60);
      page.click("#search");
      page.press("Escape");
      page.click("#listing .row");
      page.press("End");
      page.await("document.querySelector('#listing .row.selected .title').textContent == 'logits'");
      page.click(".stage", "imported");
      page.click("#search");
      page.type("layers.555/mlp/act/erf");
      page.await("document.querySelectorAll('#listing .row').length == 1");
      page.press("Enter");
      page.await("document.querySelector('#inspector h2').textContent.includes('layers.555')");
      page.click("[data-links^='TensorRT layers'] a");
      page.await("document.querySelector('#stage').textContent == 'TensorRT layers'");
      assertThat(page.text("#inspector")).contains("GELU_TANH");
      assertThat(page.problems()).isEmpty();
    }
  }
}
