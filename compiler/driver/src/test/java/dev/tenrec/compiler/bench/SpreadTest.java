package dev.tenrec.compiler.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.runtime.PreparedRun;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The middle of some times and their range. */
class SpreadTest {
  @Test
  void outliersDoNotCount() {
    List<PreparedRun.Sample> samples =
        IntStream.rangeClosed(0, 10)
            .mapToObj(i -> new PreparedRun.Sample(i == 10 ? 1000 : i, 2 * i))
            .toList();
    assertThat(Measurement.Spread.of(samples, PreparedRun.Sample::device))
        .isEqualTo(new Measurement.Spread(5, 1, 9));
    assertThat(Measurement.Spread.of(samples, PreparedRun.Sample::host))
        .isEqualTo(new Measurement.Spread(10, 2, 18));
  }

  @Test
  void oneSampleIsAllThereIs() {
    assertThat(
            Measurement.Spread.of(
                List.of(new PreparedRun.Sample(3, 4)), PreparedRun.Sample::device))
        .isEqualTo(new Measurement.Spread(3, 3, 3));
  }
}
