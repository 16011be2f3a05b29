package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.OnnxExporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CommandLineTest {
  private static final Path DIGITS = SharedData.repository().resolve("testdata/digits");
  private static final String MODEL = DIGITS.resolve("digits.onnx").toString();
  private static final String DATA = DIGITS.resolve("test.npz").toString();

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private static void assertRefused(Outcome outcome, String... message) {
    outcome.refused(message);
  }

  @ParameterizedTest
  @ValueSource(strings = {"interpreter", "cpu", "recorded"})
  void testPrintsTheAccuracy(String backend) {
    Outcome outcome =
        tenrec("test", MODEL, "--data", DATA, "--label", "label", "--backend", backend);
    assertThat(outcome).isEqualTo(new Outcome(Main.OK, "accuracy 0.9950 (594 of 597)\n", ""));
  }

  @Test
  void testPrintsThePerplexity() throws IOException {
    Path ids = folder.resolve("ids.npz");
    Npz.write(ids, ImmutableMap.of("input_ids", Tensor.ofLongs(0, 1, 0, 1, 1)));
    Path pairs =
        Files.writeString(
            folder.resolve("pairs.txt"),
            """
            g (int64[batch,seq] input_ids) => (float[batch,seq,2] logits) {
              odds = Constant<value=float[2,2] {0.0, 0.0, 5.0, 5.0}>()
              logits = Gather<axis=0>(odds, input_ids)
            }
            """);
    Outcome outcome =
        tenrec("test", pairs, "--metric", "perplexity", "--data", ids, "--context", "2");
    assertThat(outcome)
        .isEqualTo(new Outcome(Main.OK, "perplexity 2.0000 (loss 0.69315, 4 tokens)\n", ""));
    assertRefused(tenrec("test", pairs, "--data", ids), "name it with --label");
  }

  @ParameterizedTest
  @CsvSource({
    "fp32, 0.9950 (594 of 597)",
    "fp16, 0.9950 (594 of 597)",
    "bf16, 0.9950 (594 of 597)"
  })
  void bundlesRunAsTheyWereCompiled(String precision, String accuracy) throws IOException {
    Path bundle = folder.resolve("bundle");
    Outcome compiled =
        tenrec("compile", MODEL, "-o", bundle, "--precision", precision, "--no-engine");
    assertThat(compiled.code()).as(compiled.toString()).isEqualTo(Main.OK);
    assertThat(compiled.out()).contains("no engine");
    assertThat(Files.readString(bundle.resolve("manifest.json")))
        .contains("\"source\" : \"digits.onnx\"")
        .contains("\"type\" : \"float[batch,1,8,8]\"");
    Outcome tested = tenrec("test", bundle, "--data", DATA, "--label", "label");
    assertThat(tested).isEqualTo(new Outcome(Main.OK, "accuracy " + accuracy + "\n", ""));
  }

  @Test
  void runWritesTheOutputs() {
    Tensor image =
        Tensor.ofDoubles(ElementType.FLOAT32, ImmutableLongArray.of(2, 1, 8, 8), i -> i % 16);
    Path in = folder.resolve("in.npz");
    Path out = folder.resolve("out.npz");
    Npz.write(in, ImmutableMap.of("image", image));
    assertThat(tenrec("run", MODEL, "--input", in, "--output", out).code()).isEqualTo(Main.OK);
    Tensor logits = Objects.requireNonNull(Npz.read(out).get("logits"));
    assertThat(logits.sizes()).isEqualTo(ImmutableLongArray.of(2, 10));
  }

  @Test
  void wrongInputsAreNamed() {
    Path in = folder.resolve("in.npz");
    Path out = folder.resolve("out.npz");
    Npz.write(in, ImmutableMap.of("image", Tensor.ofLongs(1, 2)));
    assertRefused(
        tenrec("run", MODEL, "--input", in, "--output", out),
        "INVALID_INPUT",
        "input 'image' must be float[batch,1,8,8], but is int64[2]");
    Npz.write(in, ImmutableMap.of("picture", Tensor.ofLongs(1, 2)));
    assertRefused(tenrec("run", MODEL, "--input", in, "--output", out), "input 'image' is missing");
    assertThat(out).doesNotExist();
  }

  @Test
  void printShowsTheGraphAfterAPass() {
    String imported = tenrec("print", MODEL).out();
    String optimized = tenrec("print", MODEL, "--after", "all").out();
    assertThat(imported).contains("(float[batch,1,8,8] image) => (float[batch,10] logits");
    assertThat(optimized.lines().count()).isLessThan(imported.lines().count());
    assertThat(tenrec("print", MODEL, "--after", "99").code()).isEqualTo(Main.BAD_INPUT);
    assertRefused(tenrec("print", MODEL, "--after", "nothing"), "there is no pass 'nothing'");
  }

  @Test
  void printDraws() {
    assertThat(tenrec("print", MODEL, "--dot").out())
        .startsWith("digraph \"main_graph\" {\n")
        .contains("[label=\"Relu\\n/2/Relu_output_0\", style=rounded, tooltip=\"digits.onnx:");
  }

  @Test
  void printWritesOnnxAfterAnyPass() {
    Path second = folder.resolve("second.onnx");
    String after = tenrec("print", MODEL, "--precision", "fp16", "--after", "2").out();
    assertThat(tenrec("print", MODEL, "--after", "2", "--onnx", second))
        .isEqualTo(new Outcome(Main.OK, "", ""));
    assertThat(operations(tenrec("print", second).out())).isEqualTo(operations(after));
    String half = tenrec("print", MODEL, "--precision", "fp16", "--after", "all").out();
    assertThat(half).contains("float16");
  }

  private static List<String> operations(String text) {
    return Pattern.compile(" = (?!Constant)\\w+")
        .matcher(text)
        .results()
        .map(MatchResult::group)
        .toList();
  }

  @Test
  void compileReportsWhatPassesDid() throws IOException {
    Path report = folder.resolve("report");
    Outcome outcome =
        tenrec("compile", MODEL, "-o", folder.resolve("b"), "--no-engine", "--report", report);
    assertThat(outcome.out()).contains(report.resolve("index.html") + ": what each pass did");
    assertThat(Files.readString(report.resolve("index.html"))).contains("\"digits.onnx\"");
  }

  @Test
  void checkFindsNothingInASupportedModel() {
    assertThat(tenrec("check", MODEL)).isEqualTo(new Outcome(Main.OK, "supported\n", ""));
  }

  @Test
  void checkTellsWhatTensorRtWouldLose() {
    Path doubles = folder.resolve("doubles.onnx");
    OnnxExporter.write(
        GraphParser.parse("g (double[2] x) => (double[2] y) { y = Exp(x) }"), doubles);
    Outcome refused = tenrec("check", doubles);
    assertThat(refused.code()).isEqualTo(Main.BAD_INPUT);
    assertThat(refused.out())
        .contains("TensorRT would compute double in float", "--allow-narrowing")
        .endsWith("supported, but not on TensorRT\n");
    assertThat(tenrec("check", doubles, "--allow-narrowing").out()).isEqualTo("supported\n");
  }

  @Test
  void badUsageIsExplained() {
    assertThat(tenrec().err()).contains("a command is missing", "Usage: tenrec");
    assertThat(tenrec("compile", MODEL).code()).isEqualTo(Main.BAD_INPUT);
    assertThat(tenrec("test", MODEL, "--backend", "abacus").code()).isEqualTo(Main.BAD_INPUT);
    assertThat(tenrec("run", "--help").code()).isEqualTo(Main.OK);
    assertRefused(
        tenrec(
            "compile", MODEL, "-o", folder.resolve("b"), "--no-engine", "--shape", "batch=8..1..2"),
        "INVALID_ARGUMENT",
        "batch=8..1..2");
    assertRefused(tenrec("verify", folder), "no case in");
  }

  @Test
  void benchTellsWhatIsMissing() {
    assertRefused(tenrec("bench", MODEL, "--batch", "0"), "INVALID_ARGUMENT", "a batch of 0");
    assertRefused(tenrec("bench", MODEL), "INVALID_ARGUMENT", "--shape batch=");
    assertRefused(
        tenrec("bench", MODEL, "--batch", "1", "--optimization-level", "6"),
        "INVALID_ARGUMENT",
        "the optimization level is 6");
    assertRefused(
        tenrec("bench", MODEL, "--batch", "1", "--builds", "0"), "INVALID_ARGUMENT", "0 builds");
  }

  @Test
  void foreignFoldersAreKept() throws IOException {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Files.writeString(mine.resolve("thesis.tex"), "");
    assertRefused(
        tenrec("compile", MODEL, "-o", mine, "--no-engine"), "exists and is not a bundle");
    assertThat(mine).isDirectoryContaining("glob:**thesis.tex");
    Files.writeString(mine.resolve("manifest.json"), "{\"name\": \"web app\"}");
    assertRefused(
        tenrec("compile", MODEL, "-o", mine, "--no-engine"), "exists and is not a bundle");
    assertThat(mine).isDirectoryContaining("glob:**thesis.tex");
  }

  @Test
  void filesOfOthersInABundleAreKept() throws IOException {
    Path bundle = folder.resolve("bundle");
    assertThat(tenrec("compile", MODEL, "-o", bundle, "--no-engine").code()).isEqualTo(Main.OK);
    assertThat(tenrec("compile", MODEL, "-o", bundle, "--no-engine").code()).isEqualTo(Main.OK);
    Files.writeString(bundle.resolve("notes.txt"), "");
    assertRefused(
        tenrec("compile", MODEL, "-o", bundle, "--no-engine"), "exists and is not a bundle");
    assertThat(bundle).isDirectoryContaining("glob:**notes.txt");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "run %s --input %s --output %s",
        "print %s --onnx %3$s",
        "opt %s -o %3$s",
        "reduce %s --fails-with false -o %3$s",
        "compare %s --precision fp16 --json %3$s",
        "compare %s --precision fp16 --precision-report %3$s",
        "compile %s -o %s.bundle --no-engine --precision-report %s",
      })
  void foldersAreNeverReplacedByFiles(String command) throws IOException {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Path thesis = Files.writeString(mine.resolve("thesis.tex"), "");
    Path in = folder.resolve("in.npz");
    Npz.write(
        in,
        ImmutableMap.of(
            "image",
            Tensor.ofLongs(ElementType.FLOAT32, ImmutableLongArray.of(1, 1, 8, 8), i -> i)));
    assertRefused(
        tenrec((Object[]) command.formatted(MODEL, in, mine).split(" ")),
        "mine cannot be written: a folder is there");
    assertThat(thesis).exists();
  }

  @Test
  void damagedModelsLeaveNothingBehind() throws IOException {
    byte[] model = Files.readAllBytes(Path.of(MODEL));
    Path damaged = folder.resolve("damaged.onnx");
    Path bundle = folder.resolve("bundle");
    Files.write(damaged, Arrays.copyOf(model, model.length / 2));
    assertRefused(
        tenrec("compile", damaged, "-o", bundle, "--no-engine"), "INVALID_MODEL", "damaged.onnx");
    byte[] noise = new byte[10_000];
    new Random(1).nextBytes(noise);
    Files.write(damaged, noise);
    assertRefused(tenrec("compile", damaged, "-o", bundle, "--no-engine"), "damaged.onnx");
    assertRefused(
        tenrec("compile", folder.resolve("missing.onnx"), "-o", bundle, "--no-engine"),
        "missing.onnx");
    assertThat(folder).isDirectoryNotContaining("glob:**bundle*");
  }

  @Test
  void missingLibrariesAreNamed() throws IOException {
    Path bundle = folder.resolve("bundle");
    assertThat(tenrec("compile", MODEL, "-o", bundle, "--no-engine").code()).isEqualTo(Main.OK);
    assertRefused(
        tenrec("test", bundle, "--data", DATA, "--label", "label", "--backend", "tensorrt"),
        "the bundle holds no engine");
  }
}
