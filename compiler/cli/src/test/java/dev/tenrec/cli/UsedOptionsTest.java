package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Options that would be ignored, and numbers that mean nothing. */
class UsedOptionsTest {
  private static final Path DIGITS = SharedData.repository().resolve("testdata/digits");
  private static final Path MODEL = DIGITS.resolve("digits.onnx");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private Outcome compile(String options) {
    return tenrec(
        (Object[])
            "compile %s -o %s --no-engine %s"
                .formatted(MODEL, folder.resolve("bundle"), options)
                .split(" "));
  }

  @ParameterizedTest
  @CsvSource({
    "--block 64, --block changes nothing with precision fp32",
    "--precision fp16 --weights rtn, --weights changes nothing with precision fp16",
    "--precision int4-weights --block 0, --block is 0",
    "--precision fp16 --tolerance cosine>=0.9, --tolerance changes nothing with precision fp16",
    "--precision fp16 --tolerance-data t.npz, --tolerance-data changes nothing with precision fp16",
    "--precision fp16 --label l, --label changes nothing without a search for a bound of accuracy",
    "--precision fp16 --search-budget 9, --search-budget changes nothing with precision fp16",
    "--calibrator mse, --calibrator changes nothing without --calibrate",
    "--precision fp16 --on-slower fail, --on-slower changes nothing with precision fp16",
    "--precision fp16 --quantize-attention, --quantize-attention changes nothing with precision",
    "--precision fp16 --remedies smooth, --remedies changes nothing with precision fp16",
    "--precision int8 --remedies smooth, --remedies changes nothing without --calibrate",
    "--preprocess p.json, --preprocess changes nothing without --calibrate",
    "--precision fp16 --require-share NaN, NaN is no share",
    "--precision fp16 --require-share -1, -1.0 is no share",
    "--precision fp16 --require-share 7, 7.0 is no share",
    "--shape n=1, (there are [batch])",
    "--shape batch=99999999999, a size of 99999999999 is too large",
  })
  void compilationsAreWhatWasAskedFor(String options, String problem) {
    compile(options).refused("INVALID_ARGUMENT", problem);
    assertThat(folder).isEmptyDirectory();
  }

  @Test
  void whatIsQuantizedMayBeSlower() {
    compile("--precision int8-weights --on-slower fail").succeeded();
  }

  @ParameterizedTest
  @CsvSource({
    "test --data t.npz --windows 3, --windows changes nothing for accuracy",
    "test --metric perplexity --data t.txt --label l, --label changes nothing for perplexity",
    "opt --max-rewrites -1, --max-rewrites is -1",
    "opt --check-rewrites, --check-rewrites changes nothing without --check-each",
    "opt --seed 3, --seed changes nothing without --check-each",
    "explain --rule fold --limit -1, --limit is -1",
    "reduce --fails-with false --timeout 0, --timeout is 0",
    "reduce --fails-with=, the command is empty",
    "compare --write-overrides o.json, --write-overrides changes nothing without --sensitivity",
    "compare --precision-report r.json another.onnx, --precision-report changes nothing of use",
  })
  void otherCommandsLikewise(String command, String problem) {
    tenrec((Object[]) (command + " " + MODEL).split(" ")).refused("INVALID_ARGUMENT", problem);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "null|holds nothing",
        "{}|manifest.json, line 1",
        "{\"format\": 1|manifest.json, line 1",
        "FORMAT 2|has format 2, not 1",
        "ENGINE ../../passwd|the engine's file is not in it",
      })
  void damagedBundlesAreRefused(String manifest, String problem) throws IOException {
    assertThat(compile("--precision fp32").code()).isEqualTo(Main.OK);
    Path file = folder.resolve("bundle/manifest.json");
    String text = Files.readString(file);
    Files.writeString(file, changed(text, manifest));
    tenrec(
            "test",
            folder.resolve("bundle"),
            "--data",
            DIGITS.resolve("test.npz"),
            "--label",
            "label")
        .refused(problem, "compile the model again");
  }

  private static String changed(String text, String manifest) {
    return switch (manifest) {
      case "FORMAT 2" -> text.replace("\"format\" : 1", "\"format\" : 2");
      case "ENGINE ../../passwd" ->
          text.replaceFirst(
              "\\}\\s*$",
              ", \"engine\": {\"file\": \"../../passwd\", \"sha256\": \"\", \"tensorrt\": \"\","
                  + " \"gpu\": \"\"}}");
      default -> manifest;
    };
  }

  /** A long search must not end with a folder that cannot be written. */
  @Test
  void foldersAreCheckedBeforeAnythingIsComputed() throws IOException {
    Path mine = Files.createDirectory(folder.resolve("mine"));
    Files.writeString(mine.resolve("thesis.tex"), "");
    tenrec("compile", folder.resolve("missing.onnx"), "-o", mine, "--no-engine")
        .refused("exists and is not a bundle");
  }
}
