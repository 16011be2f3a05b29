package dev.tenrec.passes.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.junit.jupiter.api.Test;

final class HistogramTest {

  @Property(tries = 100)
  void theOrderMakesNoDifference(@ForAll @NotEmpty List<Float> numbers, @ForAll long seed) {
    List<Float> shuffled = new ArrayList<>(numbers);
    Collections.shuffle(shuffled, new Random(seed));
    Histogram one = histogram(numbers);
    Histogram other = histogram(shuffled);
    for (int bin = 0; bin < Histogram.BINS; bin++) {
      assertThat(one.count(bin)).isEqualTo(other.count(bin));
      assertThat(one.upper(bin)).isEqualTo(other.upper(bin));
    }
    assertThat(one.total()).isEqualTo(numbers.size());
  }

  @Property(tries = 100)
  void aBinHoldsMagnitudesBetweenItsEdges(@ForAll float number) {
    Histogram histogram = histogram(List.of(number));
    int bin = filled(histogram).getFirst();
    assertThat(histogram.lower(bin)).isLessThanOrEqualTo(Math.abs(number));
    assertThat(histogram.upper(bin)).isGreaterThan(Math.abs(number));
    assertThat(histogram.upper(bin) - histogram.lower(bin))
        .isLessThanOrEqualTo(Math.max(Math.abs(number) / 512, Float.MIN_NORMAL));
  }

  @Test
  void whatIsSmallBesideTheLargestCountsAsZero() {
    Histogram histogram = histogram(List.of(1e-9f, 0f, -1f, 1e-9f));
    assertThat(histogram.count(0)).isEqualTo(3);
    assertThat(histogram.middle(0)).isZero();
    assertThat(filled(histogram)).hasSize(2);
  }

  private static List<Integer> filled(Histogram histogram) {
    return IntStream.range(0, Histogram.BINS)
        .filter(bin -> histogram.count(bin) > 0)
        .boxed()
        .toList();
  }

  private static Histogram histogram(List<Float> numbers) {
    Histogram histogram = new Histogram();
    for (float number : numbers) {
      histogram.growTo(Math.abs(number));
      histogram.add(new float[] {number}, 1);
    }
    return histogram;
  }
}
