package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.PassOptions;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OptCommandTest {
  private static final Path DIGITS = SharedData.repository().resolve("testdata/digits/digits.onnx");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path model;

  /** A pass that a jar of the user's brings. */
  public record MyPass(long k) implements Pass {
    public MyPass() {
      this(1);
    }

    @Override
    public String name() {
      return "my-pass";
    }

    @Override
    public MyPass with(PassOptions options) {
      return new MyPass(options.number("k", k));
    }

    @Override
    public Graph run(Graph graph, PassContext context) {
      return graph;
    }
  }

  /** sigmoid(x) → tanh(x), which is wrong. */
  public record BreakSigmoid() implements Rule {
    @Override
    public String name() {
      return "break-sigmoid";
    }

    @Override
    public Optional<Value> rewrite(Op op, MatchContext context) {
      return op instanceof Activation(ActivationKind kind, Value x, _, _)
              && kind == ActivationKind.SIGMOID
          ? Optional.of(new Activation(ActivationKind.TANH, x).value())
          : Optional.empty();
    }
  }

  @BeforeEach
  void writeModel() {
    model = folder.resolve("swish.onnx");
    OnnxExporter.write(
        GraphParser.parse(
            """
            swish (float[N,2] x) => (float[N,2] y) {
              one = Constant<value=float {1}>()
              same = Mul(x, one)
              gate = Sigmoid(same)
              y = Mul(x, gate)
            }
            """),
        model);
  }

  static Path plugin(Path folder, Class<?>... passes) throws IOException {
    Path jar = folder.resolve("my.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      out.putNextEntry(new JarEntry("META-INF/services/dev.tenrec.passes.Pass"));
      for (Class<?> pass : passes) {
        out.write((pass.getName() + "\n").getBytes(StandardCharsets.UTF_8));
      }
    }
    return jar;
  }

  @Test
  void runsThePipelineThatItIsGiven() throws IOException {
    Path out = folder.resolve("out.onnx");
    Outcome outcome =
        tenrec(
            "opt",
            model,
            "--pipeline",
            "fold,canonicalize,fuse(only=gelu|silu),my-pass(k=3)",
            "--plugins",
            plugin(folder, MyPass.class),
            "-o",
            out);
    assertThat(outcome.succeeded().out())
        .contains("swish.onnx: 1 operations, 4 imported; 2 rewrites")
        .contains("pipeline: fold,canonicalize,fuse(only=gelu|silu),my-pass");
    assertThat(tenrec("print", out).out()).contains("Sigmoid(x)").doesNotContain("Constant");
  }

  @Test
  void runsTheStandardPipelineElse() {
    assertThat(tenrec("opt", DIGITS).succeeded().out()).contains("39 imported", "fold,");
  }

  @Test
  void printsAndDumpsGraphs() {
    Path dump = folder.resolve("dump");
    Outcome outcome =
        tenrec(
            "opt",
            model,
            "--print-before",
            "fuse",
            "--print-after",
            "eliminate-common-subexpressions",
            "--dump",
            dump);
    assertThat(outcome.succeeded().out())
        .contains("# before fuse\nswish (", "# after eliminate-common-subexpressions\nswish (")
        .doesNotContain("Mul(x, one)");
    assertThat(dump.resolve("00-imported.txt")).content().contains("Constant<");
    assertThat(dump.resolve("01-canonicalize.txt")).content().contains("Sigmoid(x)");
    assertThat(dump.resolve("02-fuse.txt")).content().contains("Swish<");
    assertThat(tenrec("opt", model, "--print-after", "all").out())
        .contains("# after fuse\n")
        .contains("# after canonicalize\n")
        .doesNotContain("# after fold");
  }

  @Test
  void timesAndCounts() {
    assertThat(tenrec("opt", model, "--time", "--stats", "--verify-each").succeeded().out())
        .containsPattern("fuse-silu +1\n")
        .containsPattern("fuse +[0-9.]+ +1\n");
  }

  @Test
  void checksByNumbers() throws IOException {
    Outcome right = tenrec("opt", model, "--check-each", "1e-6", "--check-rewrites");
    assertThat(right.succeeded().out())
        .containsPattern("fuse +1  y +[0-9.e-]+ +[0-9.e-]+\n")
        .contains("2 rewrites, each checked at its place");
    Path jar = plugin(folder, BreakSigmoid.class);
    Outcome wrong =
        tenrec("opt", model, "--plugins", jar, "--pipeline", "break-sigmoid", "--check-each", "1");
    assertThat(wrong.code()).isEqualTo(Main.OK);
    wrong =
        tenrec(
            "opt",
            model,
            "--plugins",
            jar,
            "--pipeline",
            "fold,break-sigmoid",
            "--check-each",
            "0.1");
    assertThat(wrong.code()).isEqualTo(Main.WRONG_RESULT);
    assertThat(wrong.out()).contains("pass 'break-sigmoid' changes the result: output y: error");
  }

  @Test
  void evidenceIsKeptInTheReport() throws IOException {
    Path report = folder.resolve("report");
    tenrec("opt", model, "--check-each", "1e-6", "--check-rewrites", "--report", report)
        .succeeded();
    assertThat(Files.readString(report.resolve("index.html")))
        .contains("\"check\":\"interpreter before and after\",\"passed\":true,\"text\":\"y: error")
        .contains("1 rewrites compared at their places");
  }

  @Test
  void checksOnGivenData() {
    Path data = folder.resolve("in.npz");
    Npz.write(
        data,
        ImmutableMap.of(
            "x", Tensor.ofDoubles(ElementType.FLOAT32, ImmutableLongArray.of(3, 2), i -> i)));
    tenrec("opt", model, "--check-each", "1e-6", "--data", data).succeeded();
    tenrec("opt", model, "--check-each", "1e-6", "--data", folder).refused("holds no inputs");
    Npz.write(data, ImmutableMap.of("z", Tensor.ofLongs(1)));
    tenrec("opt", model, "--check-each", "1e-6", "--data", data).refused("input 'x' is missing");
  }

  @Test
  void readsGraphsAsText() throws IOException {
    Path text = folder.resolve("g.txt");
    Files.writeString(text, "g (float[N] x) => (float[N] y) { y = Exp(x) }");
    assertThat(tenrec("opt", text).succeeded().out()).contains("g.txt: 1 operations, 1 imported");
    Files.writeString(text, "g (float[N] x) =>");
    tenrec("opt", text).refused("INVALID_MODEL", "line 1");
    tenrec("opt", folder.resolve("none.txt")).refused("IO", "none.txt does not exist");
  }

  @Test
  void listsThePasses() {
    assertThat(tenrec("opt", "--passes").succeeded().out())
        .contains("fuse-silu\n", "\nstandard: eliminate-dead-code,");
  }

  @Test
  void refusesWhatItDoesNotKnow() throws IOException {
    tenrec("opt", model, "--pipeline", "fold,melt")
        .refused("there is no pass 'melt'", "canonicalize, eliminate-common-subexpressions");
    tenrec("opt", model, "--pipeline", "fold(k=3)").refused("pass 'fold' has no option 'k'");
    tenrec("opt", model, "--pipeline", "fold,,").refused("expected at character 6");
    tenrec("opt", model, "--print-after", "melt").refused("the pipeline has no pass 'melt'");
    tenrec("opt", model, "--plugins", folder.resolve("none.jar")).refused("does not exist");
    tenrec("opt", model, "--plugins", plugin(folder)).refused("there is no pass in");
    tenrec("opt", model, "--plugins", plugin(folder, Outcome.class))
        .refused("a pass cannot be loaded", "dev.tenrec.cli.Outcome");
    tenrec("opt").refused("a model is missing");
  }
}
