package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CalibrationOptionsTest {
  private static final Path DIGITS = SharedData.repository().resolve("testdata/digits");
  private static final Path SAMPLES = DIGITS.resolve("calibration.npz");

  @TempDir Path folder;

  private static Outcome test(Object... options) {
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(List.of("test", DIGITS.resolve("digits.onnx"), "--label", "label"));
    arguments.addAll(List.of("--data", DIGITS.resolve("test.npz"), "--precision", "int8"));
    arguments.addAll(List.of(options));
    return tenrec(arguments.toArray());
  }

  @Test
  void aTableIsWrittenAndReadAgain() throws IOException {
    Path table = folder.resolve("table.json");
    Outcome calibrated = test("--calibrate", SAMPLES, "--calibration-table", table).succeeded();
    assertThat(calibrated.out()).matches("accuracy 0[.]99\\d\\d \\(59\\d of 597\\)\\R");
    assertThat(test("--calibration-table", table).succeeded()).isEqualTo(calibrated);
    String text = Files.readString(table);
    assertThat(text).contains("\"image\": {\"min\": 0.0, \"max\": 1.0, \"bound\": ");
    Files.writeString(table, text.replace("\"image\"", "\"picture\""));
    test("--calibration-table", table).refused("[INVALID_INPUT]", "'picture'");
  }

  /** The table alone gives what calibration gave. */
  @Test
  void remediesAreKeptInTheTable() throws IOException {
    Path table = folder.resolve("table.json");
    Outcome calibrated =
        test(
                "--calibrate",
                SAMPLES,
                "--calibration-table",
                table,
                "--remedies",
                "equalize,smooth,correct-biases")
            .succeeded();
    assertThat(calibrated.out()).matches("accuracy 0[.]99\\d\\d \\(59\\d of 597\\)\\R");
    assertThat(test("--calibration-table", table).succeeded()).isEqualTo(calibrated);
    String text = Files.readString(table);
    assertThat(text).contains("\"means\": {", "\"image\": [0.30");
    Files.writeString(table, text.replace("\"image\": [", "\"image\": [0.1,"));
    test("--calibration-table", table).refused("[INVALID_INPUT]", "2 means for 1 channels");
  }

  @Test
  void dataIsNecessaryUnlessItIsSaidThatItIsNot() {
    test().refused("[INVALID_ARGUMENT]", "precision int8 needs data", "add --calibrate DATA");
    test("--synthetic-calibration", "--calibrator", "minmax").succeeded();
    test("--synthetic-calibration", "--calibrate", SAMPLES).refused("exclude each other");
  }

  @Test
  void casesOfManyModelsHaveNoRanges() {
    tenrec("verify", DIGITS, "--precision", "int8")
        .refused("[INVALID_ARGUMENT]", "precision int8 needs data of each model", "tenrec compare");
  }

  @Test
  void whatCannotBeUsedIsNamed() {
    test("--calibrate", folder.resolve("none.npz")).refused("[IO]", "none.npz does not exist");
    test("--calibrate", SAMPLES, "--calibrator", "best").refused("no calibrator 'best'");
    test("--calibration-table", folder.resolve("none.json")).refused("none.json does not exist");
    test("--calibrate", SAMPLES, "--calibrate-on", "validate").refused("runs nothing");
  }
}
