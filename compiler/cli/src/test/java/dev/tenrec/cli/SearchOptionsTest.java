package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.testing.SharedData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SearchOptionsTest {
  private static final Path DIGITS = SharedData.repository().resolve("testdata/digits");
  private static final Path TEST = DIGITS.resolve("test.npz");

  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  private static Outcome search(Object... options) {
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(List.of("test", DIGITS.resolve("digits.onnx"), "--label", "label"));
    arguments.addAll(List.of("--data", TEST, "--precision", "auto"));
    arguments.addAll(List.of("--calibrate", DIGITS.resolve("calibration.npz")));
    arguments.addAll(List.of(options));
    return tenrec(arguments.toArray());
  }

  @Test
  void tellsWhatItTriesAndFinds() {
    Outcome found = search("--tolerance", "snr>=40");
    assertThat(found.code()).as(found.toString()).isEqualTo(Main.OK);
    assertThat(found.out()).matches("accuracy 0[.]99\\d\\d \\(59\\d of 597\\)\\R");
    assertThat(found.err())
        .contains("1 of at most 100: all in int8: snr ", "2 of at most 100: all in float16: snr ")
        .containsPattern("9 operations: \\d in float16, \\d in int8");
  }

  @Test
  void triesWhatIsAskedFor() {
    Outcome found = search("--candidates", "bf16");
    assertThat(found.code()).as(found.toString()).isEqualTo(Main.OK);
    assertThat(found.err())
        .contains("all in bfloat16", "9 operations: 9 in bfloat16")
        .doesNotContain("int8");
  }

  @Test
  void searchesForATask() {
    Outcome found = search("--tolerance", "accuracy>=0.9933", "--tolerance-data", TEST);
    assertThat(found.code()).as(found.toString()).isEqualTo(Main.OK);
    assertThat(found.err())
        .contains("1 of at most 100: all in int8: accuracy 0.99", "in int8")
        .doesNotContain("2 of at most 100");
    Outcome impossible = search("--tolerance", "accuracy>=0.9966", "--tolerance-data", TEST);
    assertThat(impossible.code()).isEqualTo(Main.BAD_INPUT);
    assertThat(impossible.err())
        .contains("accuracy>=0.9966 does not hold: accuracy 0.99497487 in single precision");
  }

  @Test
  void readsTheCalibrationDataIfNoOthersTellWhatIsRight() {
    search("--tolerance", "accuracy>=0.9933").refused("no array 'label'; the arrays are [image]");
  }

  @Test
  void compilesForATask() {
    Path bundle = folder.resolve("bundle");
    Outcome compiled =
        tenrec(
            "compile",
            DIGITS.resolve("digits.onnx"),
            "-o",
            bundle,
            "--no-engine",
            "--precision",
            "auto",
            "--synthetic-calibration",
            "--tolerance",
            "accuracy>=0.9933",
            "--tolerance-data",
            TEST,
            "--label",
            "label");
    assertThat(compiled.code()).as(compiled.toString()).isEqualTo(Main.OK);
    assertThat(compiled.err()).contains("all in int8: accuracy 0.9");
    assertThat(bundle).exists();
  }

  @Test
  void refusesWhatItCannotDo() {
    search("--search-budget", "4").refused("[INVALID_ARGUMENT]", "at least 5");
    search("--candidates", "int8,int4-weights").refused("[INVALID_ARGUMENT]", "int4-weights");
    search("--tolerance", "snr>=35,max<=1").refused("[INVALID_ARGUMENT]", "several bounds");
    search("--tolerance", "taste>=3").refused("[INVALID_ARGUMENT]", "'taste>=3'");
    search("--tolerance", "accuracy>=99").refused("[INVALID_ARGUMENT]", "'accuracy>=99'", "0 to 1");
    search("--tolerance-data", TEST).refused("--tolerance-data changes nothing without a bound");
  }
}
