package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.testing.SharedData;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

final class SearchOptionsTest {
  private static final Path DIGITS = SharedData.repository().resolve("testdata/digits");

  private static Outcome search(Object... options) {
    List<Object> arguments = new ArrayList<>();
    arguments.addAll(List.of("test", DIGITS.resolve("digits.onnx"), "--label", "label"));
    arguments.addAll(List.of("--data", DIGITS.resolve("test.npz"), "--precision", "auto"));
    arguments.addAll(List.of("--calibrate", DIGITS.resolve("calibration.npz")));
    arguments.addAll(List.of(options));
    return tenrec(arguments.toArray());
  }

  @Test
  void tellsWhatItTriesAndFinds() {
    Outcome found = search("--tolerance", "snr>=35");
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
  void refusesWhatItCannotDo() {
    search("--search-budget", "4").refused("[INVALID_ARGUMENT]", "at least 5");
    search("--candidates", "int8,int4-weights").refused("[INVALID_ARGUMENT]", "int4-weights");
    search("--tolerance", "snr>=35,max<=1").refused("[INVALID_ARGUMENT]", "several bounds");
    search("--tolerance", "taste>=3").refused("[INVALID_ARGUMENT]", "'taste>=3'");
  }
}
