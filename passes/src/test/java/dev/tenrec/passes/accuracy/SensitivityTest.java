package dev.tenrec.passes.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.base.Splitter;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.passes.accuracy.Sensitivity.Effect;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensitivityTest {
  /** Errors that add up. */
  private static final ImmutableMap<String, Double> ERRORS =
      ImmutableMap.of("a", 1.0, "b", 8.0, "c", 2.0, "d", 4.0);

  private final Sensitivity sensitivity =
      new Sensitivity(ERRORS.keySet().asList(), SensitivityTest::measure);

  private static Comparison measure(ImmutableSet<String> low) {
    double error =
        0.5 + low.stream().mapToDouble(region -> ERRORS.getOrDefault(region, Double.NaN)).sum();
    Deviation exact = new Deviation(1, 0, 0, 0, 1, Double.POSITIVE_INFINITY);
    Deviation wrong = new Deviation(1, 0, error, error, 1, -20 * Math.log10(error));
    return new Comparison(ImmutableMap.of("exact", exact, "wrong", wrong), 1);
  }

  @Test
  void ranksByWhatEachDoesAlone() {
    assertThat(sensitivity.rank().stream().map(Effect::region)).containsExactly("b", "d", "c", "a");
    assertThat(sensitivity.rank().getFirst().deviation().max()).isEqualTo(8.5);
  }

  @ParameterizedTest
  @CsvSource({"16, ''", "15, b", "8, b", "7, 'b,d'", "3, 'b,d,c'", "0.6, 'b,d,c,a'"})
  void keepsAsFewAsNeeded(double bound, String kept) {
    assertThat(sensitivity.kept(sensitivity.rank(), bounds(bound)).orElseThrow())
        .isEqualTo(
            kept.isEmpty()
                ? ImmutableList.of()
                : ImmutableList.copyOf(Splitter.on(',').split(kept)));
  }

  @Test
  void tellsWhereNothingHelps() {
    assertThat(sensitivity.kept(sensitivity.rank(), bounds(0.4))).isEmpty();
  }

  private static ImmutableList<DeviationBound> bounds(double max) {
    return ImmutableList.of(DeviationBound.parse("max<=" + max));
  }
}
