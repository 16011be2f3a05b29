package dev.tenrec.compiler.report;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.RewriteListener;
import dev.tenrec.passes.check.CheckEach;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RecordPassesTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[2,2] x) => (float[2,2] y) {
            w = Constant<value=float[2,2] {1, 2, 3, 4}>()
            a = MatMul(x, w)
            s = Sigmoid(a)
            y = Mul(a, s)
          }
          """);

  private final RecordPasses record = new RecordPasses(GRAPH);

  private static NetworkListing network(RecordPasses record) {
    return NetworkListing.of(record.last(), Legalization.EXACT, TensorRtVersion.OLDEST);
  }

  private CompileReport report(Pipeline pipeline) {
    Graph last = pipeline.run(GRAPH, new PassContext(Long.MAX_VALUE, record), record);
    assertThat(record.last()).isEqualTo(last);
    return CompileReport.of("m.onnx", "fp16", record, network(record));
  }

  @Test
  void keepsRewritesGraphsAndDecisions() {
    Pipeline pipeline = Pipeline.parse("fuse").then(new AssignPrecision(ElementType.FLOAT16));
    CompileReport report = report(pipeline);
    assertThat(report.passes())
        .extracting(PassRun::pass)
        .containsExactly("fuse", "assign-precision");
    PassRun fuse = report.passes().getFirst();
    assertThat(fuse.before()).isEqualTo(GRAPH);
    assertThat(fuse.rewrites()).extracting(Rewrite::rule).containsExactly("fuse-silu");
    assertThat(fuse.precision()).isEmpty();
    PassRun precision = report.passes().getLast();
    assertThat(precision.precision().orElseThrow().rows()).isNotEmpty();
    assertThat(precision.rewrites()).isEmpty();
  }

  @Test
  void keepsWhatAnEmptyPipelineLeaves() {
    CompileReport report = report(Pipeline.of());
    assertThat(report.passes()).isEmpty();
    assertThat(report.network().layers()).isNotEmpty();
  }

  @Test
  void linksLayersToOperations() throws IOException {
    JsonNode data = new ObjectMapper().readTree(ReportJson.of(report(Pipeline.parse("fuse"))));
    List<String> names = strings(data, data.get("names"));
    assertThat(list(data.get("sources")))
        .extracting(n -> n.asInt() < 0 ? "" : names.get(n.asInt()))
        .containsExactly("", "w", "a", "y", "y", "");
  }

  @Test
  void storesOnlyWhatChanged() throws IOException {
    JsonNode data =
        new ObjectMapper().readTree(ReportJson.of(report(Pipeline.parse("fold,fuse,fold"))));
    List<String> runs =
        list(data.get("stages")).stream().map(s -> s.get("runs").toString()).toList();
    assertThat(runs.get(0)).isEqualTo("[[-1,0,1,2,3,4,5]]");
    assertThat(runs.get(1)).as("nothing was folded").isEqualTo("[[0,6]]");
    assertThat(runs.get(2)).as("a new y, and no s").isEqualTo("[[0,3],[-1,6],[5,1]]");
    assertThat(runs.get(3)).isEqualTo("[[0,5]]");
  }

  @Test
  void tellsWhyThereIsNoNetwork() throws IOException {
    Graph doubles = GraphParser.parse("g (double[2] x) => (double[2] y) { y = Exp(x) }");
    RecordPasses recorded = new RecordPasses(doubles);
    CompileReport report = CompileReport.of("m", "fp32", recorded, network(recorded));
    assertThat(report.network().refusal().orElseThrow()).contains("double");
    assertThat(ReportJson.of(report)).doesNotContain("\"network\"").contains("\"refusal\":\"");
  }

  @Test
  void evidenceGoesToThePassThatItIsAbout() {
    ImmutableMap<String, Tensor> inputs =
        ImmutableMap.of(
            "x",
            Tensor.ofDoubles(
                ElementType.FLOAT32, GRAPH.inputs().getFirst().shape().evaluate(_ -> 1), i -> i));
    CheckEach checks = new CheckEach(GRAPH, inputs, 1e-5);
    PassContext context =
        new PassContext(Long.MAX_VALUE, RewriteListener.of(List.of(checks, record)));
    Graph _ =
        Pipeline.of(new Negate())
            .then(Pipeline.parse("fuse").passes().getFirst())
            .run(GRAPH, context, record, checks);
    CompileReport report =
        CompileReport.of("m", "fp32", record, network(record)).with(checks.report());
    assertThat(report.passes().getFirst().evidence())
        .hasSize(1)
        .first()
        .satisfies(e -> {
          assertThat(e.passed()).isFalse();
          assertThat(e.text()).startsWith("y: error ").contains("tolerance 1e-05; element ");
        });
    assertThat(report.passes().getLast().evidence())
        .hasSize(1)
        .first()
        .satisfies(e -> {
          assertThat(e.passed()).isTrue();
          assertThat(e.text()).contains("1 rewrites compared at their places");
        });
  }

  /** Spoils what it is given. */
  private record Negate() implements Pass {
    @Override
    public String name() {
      return "negate";
    }

    @Override
    public Graph run(Graph graph, PassContext context) {
      return GraphParser.parse(
          GraphPrinter.print(graph).replace("MatMul(x, w)", "MatMul<transpose_b=true>(x, w)"));
    }
  }

  private static List<JsonNode> list(JsonNode array) {
    return ImmutableList.copyOf(array);
  }

  private static List<String> strings(JsonNode data, JsonNode numbers) {
    return list(numbers).stream().map(n -> data.get("strings").get(n.asInt()).asText()).toList();
  }
}
