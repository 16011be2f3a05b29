package dev.tenrec.compiler.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.passes.accuracy.Deviation;
import dev.tenrec.passes.accuracy.DeviationBound;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BoundsTest {
  private static final Deviation NEAR = new Deviation(4, 0, 0.01, 0.01, 0.999, 40);
  private static final Deviation FAR = new Deviation(4, 0, 1, 1, 0.9, 10);

  private static Optional<Agreement> scoring(Metric metric, double score) {
    return Optional.of(new Agreement(metric, 1, score, 0, 100));
  }

  @Test
  void allMustHold() {
    Bounds bounds = Bounds.parse(List.of("snr>=35", "accuracy >= 0.98"));
    assertThat(bounds.outputs()).containsExactly(new DeviationBound(DeviationBound.Metric.SNR, 35));
    assertThat(bounds.bound(Metric.ACCURACY)).isTrue();
    assertThat(bounds.bound(Metric.PERPLEXITY)).isFalse();
    assertThat(bounds.hold(List.of(NEAR, NEAR), scoring(Metric.ACCURACY, 0.98))).isTrue();
    assertThat(bounds.hold(List.of(NEAR, FAR), scoring(Metric.ACCURACY, 0.98))).isFalse();
    assertThat(bounds.hold(List.of(NEAR, NEAR), scoring(Metric.ACCURACY, 0.97))).isFalse();
  }

  @Test
  void aLowerPerplexityIsBetter() {
    TaskBound bound = TaskBound.parse("perplexity<=4.2e1");
    assertThat(bound.holds(42)).isTrue();
    assertThat(bound.holds(42.01)).isFalse();
    assertThat(bound.holds(Double.NaN)).isFalse();
    assertThat(bound.describe(bound.error(41.335))).isEqualTo("perplexity 41.335000");
    assertThat(TaskBound.parse("accuracy>=0.9").holds(Double.NaN)).isFalse();
  }

  @Test
  void nothingIsBoundedUnasked() {
    assertThat(Bounds.parse(ImmutableList.of()).hold(List.of(FAR), Optional.empty())).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "accuracy<=0.9",
        "accuracy>=1.01",
        "accuracy>=99%",
        "accuracy",
        "perplexity>=42",
        "perplexity<=0.5",
        "perplexity<=1e999",
        "accuracy>=-1"
      })
  void whatCannotBeMeantIsRefused(String text) {
    assertThatThrownBy(() -> Bounds.parse(List.of(text)))
        .hasMessageContaining("'%s' is no bound of a task".formatted(text));
  }
}
