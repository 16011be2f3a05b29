package dev.tenrec.compiler.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import dev.tenrec.compiler.CompileOptions;
import dev.tenrec.compiler.Compiler;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionDemands;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.tensorrt.ShapeProfile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Uses the page as a person does: with mouse and keyboard, in a browser. */
class ReportPageTest {
  /** GELU as exporters write it, under names that a careless page would stumble over. */
  private static final String MODEL =
      """
      "a </script><script>fail()</script>" (float[N,4] "x <!-- \\" ' &amp; \\\\") => (float[N,4] "ÿ 模型 🦔") {
        w = Constant<value=float[4,4] {1,2,3,4,5,6,7,8,9,1,2,3,4,5,6,7}>()
        root = Constant<value=float {1.4142135}>()
        one = Constant<value=float {1}>()
        half = Constant<value=float {0.5}>()
        h = MatMul("x <!-- \\" ' &amp; \\\\", w)
        "a</script>" = Div(h, root)
        b = Erf("a</script>")
        c = Add(b, one)
        d = Mul(h, c)
        "ÿ 模型 🦔" = Mul(d, half)
      }
      """;

  @TempDir private static Path folder;
  private static Chromium chromium;
  private static Path report;

  @BeforeAll
  static void compile() throws Exception {
    Path model = folder.resolve("gelu <b>&.onnx");
    OnnxExporter.write(GraphParser.parse(MODEL), model);
    CompileOptions options =
        new CompileOptions(
            PrecisionSettings.of(Precision.FP16),
            ShapeProfile.NONE,
            false,
            false,
            OptionalInt.empty(),
            PrecisionDemands.NONE,
            Optional.empty(),
            Optional.of(folder.resolve("report")));
    Compiler.compile(model, folder.resolve("bundle"), options);
    report = folder.resolve("report").resolve(ReportPage.FILE);
    chromium = Chromium.start();
  }

  @AfterAll
  static void stop() throws Exception {
    if (chromium != null) {
      chromium.close();
    }
  }

  private static BrowserPage page() {
    BrowserPage page = chromium.open(report);
    page.await("document.querySelector('#passes')");
    return page;
  }

  private static void assertQuiet(BrowserPage page) {
    assertThat(page.problems()).isEmpty();
    assertThat(page.requests()).containsExactly(report.toUri().toString());
  }

  @Test
  void aClickLeadsFromPassToNodeToLayer() {
    BrowserPage page = page();
    assertThat(page.text("#model")).isEqualTo("gelu <b>&.onnx");

    page.click(".stage", "fuse");
    page.await("document.querySelector('#stage').textContent == 'fuse'");
    assertThat(page.count("#listing .row.removed")).isPositive();
    assertThat(page.count("#before .node.removed")).isPositive();
    assertThat(page.count("#after .node.rewritten")).isOne();
    assertThat(page.count("#after .node.removed")).isZero();

    page.click("#after .node.rewritten");
    assertThat(page.text("#inspector h2")).isEqualTo("ÿ 模型 🦔");
    assertThat(page.text("#text-before")).contains("= Mul(d, half)");
    assertThat(page.text("#text-after")).contains("= GeluErf(h)");
    assertThat(page.text("#rules")).contains("fuse-gelu");
    assertThat(page.text("#origin")).contains("Erf, graph/node[", "joined by fuse-gelu");
    assertThat(page.text("#decision")).contains("float16");

    page.click("[data-links='TensorRT layers'] a");
    page.await("document.querySelector('#stage').textContent == 'TensorRT layers'");
    assertThat(page.text("#listing .row.selected")).contains("GELU_ERF");
    page.click("[data-links='Expresses'] a");
    assertThat(page.text("#inspector h2")).isEqualTo("ÿ 模型 🦔");
    assertQuiet(page);
  }

  @Test
  void theSearchFindsNodes() {
    BrowserPage page = page();
    page.click(".stage", "imported");
    page.click("#search");
    page.type("</script> op:div");
    page.await("document.querySelectorAll('#listing .row').length == 1");
    assertThat(page.text("#listing .row .title")).isEqualTo("a</script>");
    page.press("Enter");
    page.await("document.querySelector('#inspector h2').textContent == 'a</script>'");
    assertThat(page.text("[data-links='Users']")).contains("b Erf");
    page.click("[data-links='Users'] a");
    assertThat(page.text("#inspector h2")).isEqualTo("b");
    page.click("#origin a");
    page.await("document.querySelector('#search').value.startsWith('onnx:')");
    assertThat(page.text("#listing")).contains("Erf");
    assertQuiet(page);
  }

  @Test
  void theKeyboardSuffices() {
    BrowserPage page = page();
    page.press("]");
    page.await("document.querySelector('#stage').textContent == 'imported'");
    page.press("/");
    page.type("op:erf");
    page.press("Enter");
    page.await("document.querySelector('#inspector h2').textContent == 'b'");
    page.press("u");
    assertThat(page.text("#inspector h2")).isEqualTo("a</script>");
    page.press("d");
    assertThat(page.text("#inspector h2")).isEqualTo("b");
    page.press("/");
    page.press("Escape");
    page.press("l");
    assertThat(page.text("#stage")).isEqualTo("TensorRT layers");
    page.press("o");
    assertThat(page.count("#passes")).isOne();
    assertQuiet(page);
  }

  @Test
  void viewsCanBeFilteredAndLeft() {
    BrowserPage page = page();
    page.click(".stage", "fuse");
    int all = page.count("#listing .row");
    int drawn = page.count("#after .node");
    page.click("#changed");
    assertThat(page.count("#listing .row")).isBetween(1, all - 1);
    assertThat(page.count("#listing .row.same")).isZero();
    page.click("#constants");
    assertThat(page.count("#after .node")).isGreaterThan(drawn);
    String light = page.evaluate("getComputedStyle(document.body).backgroundColor").asText();
    page.click("#theme");
    page.await("getComputedStyle(document.body).backgroundColor != '%s'".formatted(light));
    page.click(".stage", "imported");
    page.evaluate("history.back()");
    page.await("document.querySelector('#stage').textContent == 'fuse'");
    assertThat(page.count("#drawings.single")).isZero();
    assertQuiet(page);
  }

  @Test
  void thePrecisionTableTellsWhy() {
    BrowserPage page = page();
    page.click(".stage", "Precision table");
    assertThat(page.text("#decisions")).contains("MatMul", "products gain most");
    page.click("#decisions .row", "MatMul");
    assertThat(page.text("#inspector h2")).isEqualTo("h");
    assertQuiet(page);
  }

  @Test
  void theOnnxTableTellsWhatNodesBecame() {
    BrowserPage page = page();
    page.click(".stage", "ONNX nodes");
    page.click("#search");
    page.type("erf");
    page.await("document.querySelectorAll('#decisions .row').length == 1");
    page.click("#decisions .row");
    assertThat(page.text("[data-links='Imported as']")).isEqualTo("b Erf : float[N,4]");
    assertThat(page.text("[data-links='Goes on in']")).contains("ÿ 模型 🦔 GeluErf");
    page.click("[data-links='TensorRT layers'] a");
    page.await("document.querySelector('#stage').textContent == 'TensorRT layers'");
    assertThat(page.text("#inspector")).contains("GELU_ERF");
    assertQuiet(page);
  }

  @Test
  void evidenceIsShown() throws IOException {
    Graph graph = GraphParser.parse(MODEL);
    PassRun run =
        new PassRun(
            "spoil",
            graph,
            graph,
            Duration.ZERO,
            ImmutableList.of(),
            Optional.empty(),
            ImmutableList.of(new Evidence("outputs", false, "differs by 0.25 in <y>")));
    NetworkListing network =
        new NetworkListing("11.2.1", ImmutableList.of(), ImmutableList.of(), Optional.of("no <b>"));
    CompileReport made = new CompileReport("m", "fp32", graph, ImmutableList.of(run), network);
    Path file = Files.writeString(folder.resolve("evidence.html"), ReportPage.html(made));
    BrowserPage page = chromium.open(file);
    page.await("document.querySelector('#passes')");
    assertThat(page.text("#passes")).contains("failed");
    assertThat(page.text("#page .evidence.failed")).isEqualTo("No TensorRT network: no <b>");
    page.click("#passes tr:last-child a");
    page.click("#figures");
    assertThat(page.text("#page")).contains("outputs: differs by 0.25 in <y>");
    assertThat(page.problems()).isEmpty();
  }
}
