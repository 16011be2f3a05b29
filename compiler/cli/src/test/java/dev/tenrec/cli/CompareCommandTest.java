package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.tenrec.ir.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  private static final Path MODEL = SharedData.repository().resolve("testdata/digits/digits.onnx");
  private static final Path DATA = SharedData.repository().resolve("testdata/digits/test.npz");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void comparesOutputsAndClassifications() throws IOException {
    Path json = folder.resolve("rows.json");
    Outcome outcome =
        tenrec(
            "compare",
            MODEL,
            "--data",
            DATA,
            "--label",
            "label",
            "--precision",
            "fp16",
            "--tolerance",
            "cosine>=0.9999,snr>=50",
            "--json",
            json);
    assertThat(outcome.code()).as(outcome.toString()).isEqualTo(Main.OK);
    assertThat(outcome.out())
        .contains("digits.onnx: logits: max ")
        .contains("digits.onnx: accuracy 0.9950, 0.9950 in single precision")
        .endsWith("1 compared, 0 beyond the tolerance\n");
    JsonNode row = new ObjectMapper().readTree(json.toFile()).get(0);
    assertThat(row.get("precision").asText()).isEqualTo("FP16");
    assertThat(row.at("/values/logits/cosine").asDouble()).isBetween(0.9999, 1.0);
    assertThat(row.at("/task/samples").asInt()).isEqualTo(597);
    assertThat(row.at("/task/metric").asText()).isEqualTo("ACCURACY");
  }

  @Test
  void comparesEveryValueOfGeneratedInputs() {
    Outcome outcome = tenrec("compare", MODEL, "--precision", "bf16", "--all");
    assertThat(outcome.out()).contains("digits.onnx: logits: ", "digits.onnx: /2/Relu_output_0: ");
  }

  @Test
  void failsBeyondTheTolerance() {
    Outcome outcome = tenrec("compare", MODEL, "--precision", "bf16", "--tolerance", "snr>=200");
    assertThat(outcome.code()).isEqualTo(Main.WRONG_RESULT);
    assertThat(outcome.out()).contains("digits.onnx: beyond the tolerance");
  }

  @Test
  void holdsTheTaskAgainstTheTolerance() {
    Object[] command = {
      "compare", MODEL, "--data", DATA, "--label", "label", "--precision", "bf16"
    };
    tenrec(with(command, "--tolerance", "accuracy>=0.9933,cosine>=0.99")).succeeded();
    Outcome beyond = tenrec(with(command, "--tolerance", "cosine>=0.99,accuracy>=0.9966"));
    assertThat(beyond.code()).as(beyond.toString()).isEqualTo(Main.WRONG_RESULT);
    assertThat(beyond.out())
        .contains("digits.onnx: beyond the tolerance: accuracy 0.99497487, not accuracy>=0.9966");
    tenrec(with(command, "--tolerance", "perplexity<=9"))
        .refused("a model either classifies or reads text");
    tenrec(with(command, "--tolerance", "accuracy>=0.9", "--sensitivity"))
        .refused("--sensitivity is of outputs, not of a task");
    tenrec("compare", MODEL, "--data", DATA, "--tolerance", "accuracy>=0.99")
        .refused("the array with the labels is not named");
    tenrec("compare", MODEL, "--tolerance", "accuracy>=0.99", "--label", "label")
        .refused("a task needs data of its own");
    tenrec("compare", folder, "--tolerance", "accuracy>=0.99").refused("holds cases");
  }

  private static Object[] with(Object[] command, Object... more) {
    return Stream.concat(Stream.of(command), Stream.of(more)).toArray();
  }

  @Test
  void readsTexts() throws Exception {
    Path trained = SharedData.unpacked("trained").resolve("real/shakespeare");
    Path text = folder.resolve("text.txt");
    Files.writeString(text, Files.readString(trained.resolve("validation.txt")).substring(0, 9000));
    Object[] command = {
      "compare",
      trained.resolve("model_with_past.onnx"),
      "--data",
      text,
      "--tokenizer",
      trained.resolve("hf/tokenizer.json"),
      "--precision",
      "fp16"
    };
    Outcome within = tenrec(with(command, "--tolerance", "perplexity<=27")).succeeded();
    assertThat(within.out())
        .containsPattern(
            ": perplexity 26[.]9\\d+, 26[.]9\\d+ in single precision; \\d of \\d+ predicted");
    Outcome found =
        tenrec(
            with(
                Arrays.copyOf(command, 6),
                "--precision",
                "auto",
                "--calibrate",
                text,
                "--tolerance",
                "perplexity<=28"));
    assertThat(found.code()).as(found.toString()).isEqualTo(Main.OK);
    assertThat(found.err()).contains("all in int8: perplexity 2", " in int8");
    Outcome beyond = tenrec(with(command, "--tolerance", "perplexity<=26.8"));
    assertThat(beyond.code()).as(beyond.toString()).isEqualTo(Main.WRONG_RESULT);
  }

  @Test
  void keepsInFloatWhatHurtsMost() {
    Path overrides = folder.resolve("overrides.json");
    Outcome ranked =
        tenrec(
            "compare",
            MODEL,
            "--precision",
            "bf16",
            "--sensitivity",
            "--tolerance",
            "snr>=55",
            "--write-overrides",
            overrides);
    assertThat(ranked.code()).as(ranked.toString()).isEqualTo(Main.OK);
    assertThat(ranked.out()).contains("only /2/Relu_output_0: max ", " of 9 stay in fp32: ");
    Outcome plain = tenrec("compare", MODEL, "--precision", "bf16", "--tolerance", "snr>=55");
    assertThat(plain.code()).isEqualTo(Main.WRONG_RESULT);
    Outcome reused =
        tenrec(
            "compare",
            MODEL,
            "--precision",
            "bf16",
            "--tolerance",
            "snr>=55",
            "--overrides",
            overrides);
    assertThat(reused.code()).as(reused.toString()).isEqualTo(Main.OK);
    assertThat(tenrec("compare", MODEL, "--sensitivity").err()).contains("choose fp16 or bf16");
  }

  @Test
  void reportsReasonsAndErrors() throws IOException {
    Path file = folder.resolve("precision.json");
    tenrec("compare", MODEL, "--precision", "fp16", "--precision-report", file);
    JsonNode row = new ObjectMapper().readTree(file.toFile()).get(0);
    assertThat(row.get("location").asText()).isEqualTo("/0/Conv+/2/Relu");
    assertThat(row.get("requested").asText()).isEqualTo("float16");
    assertThat(row.get("reason").asText()).isEqualTo("products gain most");
    assertThat(row.at("/error/cosine").asDouble()).isBetween(0.9999, 1.0);
  }

  @Test
  void reportsWhyProductsStayInFloat() throws IOException {
    Path file = folder.resolve("precision.json");
    Path calibration = DATA.resolveSibling("calibration.npz");
    tenrec(
            "compile",
            MODEL,
            "-o",
            folder.resolve("bundle"),
            "--no-engine",
            "--precision",
            "int8",
            "--calibrate",
            calibration,
            "--precision-report",
            file)
        .succeeded();
    Map<String, String> reasons = new HashMap<>();
    for (JsonNode row : new ObjectMapper().readTree(file.toFile())) {
      reasons.put(
          row.get("name").asText(),
          "%s: %s".formatted(row.get("requested").asText(), row.get("reason").asText()));
    }
    assertThat(reasons)
        .containsEntry("/2/Relu_output_0", "int8: products gain most")
        .containsEntry(
            "/3/b/b.5/HardSwish_output_0", "float16: a depthwise convolution waits for memory")
        .containsEntry(
            "/3/b/b.2/HardSwish_output_0",
            "float16: what its activation gives is not read in 8 bits");
  }

  @Test
  void compilesOnlyWithTheShareThatIsRequired() {
    Path bundle = folder.resolve("bundle");
    Path file = folder.resolve("precision.json");
    Object[] command = {
      "compile",
      MODEL,
      "-o",
      bundle,
      "--precision",
      "fp16",
      "--no-engine",
      "--require-share",
      "0.95",
      "--precision-report",
      file
    };
    assertThat(tenrec(command).code()).isEqualTo(Main.OK);
    assertThat(bundle).exists();
    Outcome kept =
        tenrec(
            "compile",
            MODEL,
            "-o",
            folder.resolve("other"),
            "--precision",
            "fp16",
            "--no-engine",
            "--require-share",
            "0.95",
            "--override",
            "name:/3/*=fp32");
    assertThat(kept.err()).contains("of the products are computed in fewer than 32 bits, 0.950");
    assertThat(folder.resolve("other")).doesNotExist();
    assertThat(file).exists();
  }

  @Test
  void singlePrecisionHasNoShareOfFewBits() {
    Path file = folder.resolve("precision.json");
    Outcome single =
        tenrec(
            "compile",
            MODEL,
            "-o",
            folder.resolve("other"),
            "--no-engine",
            "--require-share",
            "0.1",
            "--precision-report",
            file);
    assertThat(single.err()).contains("0.000 of the products are computed in fewer than 32 bits");
    assertThat(file).content().contains("as in the model");
  }

  @Test
  void refusesOverridesAboutNothing() throws IOException {
    assertThat(tenrec("compare", MODEL, "--override", "op:Convo=fp16").err())
        .contains("override 'op:Convo=fp16' matches no operation on float32");
    Path file = Files.writeString(folder.resolve("wrong.json"), "[{\"op\": \"Conv\"}]");
    assertThat(tenrec("compare", MODEL, "--overrides", file).err())
        .contains("wrong.json: {\"op\":\"Conv\"} is no override");
  }

  @Test
  void comparesBundlesWithTheirModel() {
    Path bundle = folder.resolve("bundle");
    tenrec("compile", MODEL, "-o", bundle, "--precision", "fp16", "--no-engine");
    assertThat(tenrec("compare", bundle).err()).contains("--reference");
    Outcome outcome = tenrec("compare", bundle, "--reference", MODEL, "--tolerance", "snr>=50");
    assertThat(outcome.code()).as(outcome.toString()).isEqualTo(Main.OK);
    assertThat(outcome.out()).contains("bundle: logits: max ").doesNotContain("max 0.00,");
  }

  @Test
  void reportsOnBundlesAsTheyWereCompiled() {
    Path bundle = folder.resolve("bundle");
    Path file = folder.resolve("precision.json");
    tenrec("compile", MODEL, "-o", bundle, "--precision", "fp16", "--no-engine").succeeded();
    tenrec("compare", bundle, "--reference", MODEL, "--precision-report", file)
        .refused("bundle was compiled in fp16, and the report would be about fp32");
    assertThat(file).doesNotExist();
    tenrec(
            "compare",
            bundle,
            "--reference",
            MODEL,
            "--precision",
            "fp16",
            "--precision-report",
            file)
        .succeeded();
    assertThat(file).content().contains("float16", "\"error\"");
  }
}
