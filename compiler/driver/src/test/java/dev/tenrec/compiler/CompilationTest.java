package dev.tenrec.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Streams;
import dev.tenrec.compiler.accuracy.EngineLayers;
import dev.tenrec.compiler.accuracy.EngineProfile;
import dev.tenrec.compiler.report.ReportPage;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.tensorrt.BuildOptions;
import dev.tenrec.tensorrt.Plan;
import dev.tenrec.tensorrt.ShapeProfile;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of an engine that is compared with another one. */
class CompilationTest {
  private static final String MODEL =
      """
      g (float[8,16] x) => (float[8,16] y) {
        w = Constant<value=float[16,16] {%s}>()
        y = MatMul(x, w)
      }
      """
          .formatted(String.join(", ", Collections.nCopies(16 * 16, "0.5")));

  private static final PrecisionSettings INT8 =
      new PrecisionSettings(
          Precision.INT8, new CalibrationTable(ImmutableMap.of("x", new Range(-1, 1, 1))));

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private final FakeEngines engines = new FakeEngines();

  /** Engines whose bytes are a type that they compute in; 8 bits take 3 ms, others 2. */
  private static final class FakeEngines implements Engines {
    private final List<String> built = new ArrayList<>();
    private int open;
    private boolean details;

    @Override
    public Plan build(Graph graph, BuildOptions options) {
      String type = GraphPrinter.print(graph).contains("int8") ? "int8" : "float16";
      details = options.details();
      built.add(type);
      open++;
      MemorySegment bytes = MemorySegment.ofArray(type.getBytes(StandardCharsets.UTF_8));
      return new Plan(bytes, () -> open--, "10.6.0", "a GPU", 1);
    }

    @Override
    public List<Double> milliseconds(List<Plan> plans, Graph model, ShapeProfile shapes) {
      return plans.stream().map(plan -> plan.bytes().byteSize() == 4 ? 3.0 : 2.0).toList();
    }

    @Override
    public EngineProfile profile(Plan plan, Graph model, ShapeProfile shapes) {
      String place = model.nodes().getLast().location().describe();
      EngineLayers.Layer layer =
          new EngineLayers.Layer(
              "gemm", true, ImmutableList.of(place), Optional.of("int8"), "float16");
      return new EngineProfile(
          new EngineLayers(ImmutableList.of(layer)), ImmutableMap.of("gemm", 0.25));
    }
  }

  @BeforeEach
  void writeModel() {
    OnnxExporter.write(GraphParser.parse(MODEL), folder.resolve("model.onnx"));
  }

  private Compiler.Result compile(Optional<OnSlower> onSlower) {
    return compile(onSlower, PrecisionDemands.NONE);
  }

  private Compiler.Result compile(Optional<OnSlower> onSlower, PrecisionDemands demands) {
    CompileOptions options =
        new CompileOptions(
            INT8,
            ShapeProfile.NONE,
            true,
            false,
            OptionalInt.empty(),
            demands,
            onSlower,
            Optional.of(folder.resolve("report")));
    Path model = folder.resolve("model.onnx");
    return new Compilation(
            model, folder.resolve("bundle"), options, OnnxImporter.read(model), engines)
        .run();
  }

  private String page() throws IOException {
    return Files.readString(folder.resolve("report").resolve(ReportPage.FILE));
  }

  @Test
  void theBundleAndThePageTellOfTheEngineThatIsKept() throws IOException {
    Compiler.Result result = compile(Optional.of(OnSlower.FP16));
    String slower = "int8 takes 3.0000 ms, fp16 takes 2.0000 ms: the engine is in fp16";
    assertThat(result.slower()).contains(slower);
    Manifest manifest = Bundle.open(folder.resolve("bundle")).manifest();
    assertThat(manifest.precision()).isEqualTo(Precision.FP16);
    assertThat(manifest.slower()).isEqualTo(slower);
    assertThat(result.bundle().plan().orElseThrow()).hasContent("float16");
    assertThat(page())
        .contains("\"settings\":\"fp16 (%s)\"".formatted(slower), "float16")
        .doesNotContain("\"quantize\"");
    assertThat(engines.built).containsExactly("int8", "float16");
    assertThat(engines.open).isZero();
  }

  @Test
  void theBundleAndThePageWarn() throws IOException {
    String slower = "int8 takes 3.0000 ms, fp16 takes 2.0000 ms";
    Manifest manifest = compile(Optional.of(OnSlower.WARN)).bundle().manifest();
    assertThat(manifest.precision()).isEqualTo(Precision.INT8);
    assertThat(manifest.slower()).isEqualTo(slower);
    assertThat(page()).contains("\"settings\":\"int8 (%s)\"".formatted(slower), "\"quantize\"");
  }

  @Test
  void nothingIsKeptWhereSlowerOnesAreNotWanted() {
    assertThatThrownBy(() -> compile(Optional.of(OnSlower.FAIL)))
        .isInstanceOf(TenrecException.class);
    assertThat(folder.resolve("bundle")).doesNotExist();
    assertThat(engines.open).isZero();
  }

  @Test
  void nothingIsComparedUnasked() throws IOException {
    Manifest manifest = compile(Optional.empty()).bundle().manifest();
    assertThat(manifest.slower()).isNull();
    assertThat(page()).contains("\"settings\":\"int8\"", "\"quantize\"");
    assertThat(engines.built).containsExactly("int8");
  }

  @Test
  void thePrecisionReportTellsWhatTheEngineDoes() throws IOException {
    Path file = folder.resolve("precision.json");
    compile(Optional.empty(), new PrecisionDemands(Optional.of(file), 1));
    assertThat(engines.details).isTrue();
    JsonNode rows = new ObjectMapper().readTree(file.toFile());
    JsonNode product =
        Streams.stream(rows).filter(row -> row.get("gains").asBoolean()).findAny().orElseThrow();
    assertThat(product.toString())
        .contains(
            "\"requested\":\"int8\"",
            "\"achieved\":\"int8\",\"step\":\"gemm\",\"milliseconds\":0.25")
        .startsWith("{\"name\":\"y\",\"location\":")
        .doesNotContain("place");
    compile(Optional.empty());
    assertThat(engines.details).isFalse();
  }
}
