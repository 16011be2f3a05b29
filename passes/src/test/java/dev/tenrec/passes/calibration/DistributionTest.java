package dev.tenrec.passes.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import org.junit.jupiter.api.Test;

final class DistributionTest {
  private final Distribution distribution = new Distribution();

  private static Tensor vector(float... elements) {
    return Tensor.ofFloats(ImmutableLongArray.of(elements.length), elements);
  }

  @Test
  void countsWhatIsNotFiniteAndLeavesItOut() {
    distribution.observe(
        vector(Float.NaN, -2, Float.POSITIVE_INFINITY, 1, Float.NEGATIVE_INFINITY, Float.NaN));
    assertThat(distribution.notNumbers()).isEqualTo(2);
    assertThat(distribution.infinite()).isEqualTo(2);
    assertThat(distribution.min()).isEqualTo(-2);
    assertThat(distribution.max()).isEqualTo(1);
    assertThat(distribution.histogram().total()).isEqualTo(2);
  }

  @Test
  void nothingIsKnownOfWhatHoldsNoNumbers() {
    distribution.observe(vector());
    distribution.observe(vector(Float.NaN));
    assertThat(distribution.magnitude()).isZero();
    assertThat(distribution.histogram().total()).isZero();
    assertThat(new Calibrator.Auto().range(distribution, ElementType.INT8))
        .isEqualTo(new Range(0, 0, 0));
  }

  @Test
  void readsElementsOfEachChunkAndType() {
    ImmutableLongArray sizes = ImmutableLongArray.of(3, 4099);
    for (ElementType type : new ElementType[] {ElementType.FLOAT32, ElementType.FLOAT64}) {
      Distribution numbers = new Distribution();
      numbers.observe(Tensor.ofDoubles(type, sizes, i -> i % 2 == 0 ? i : -i));
      assertThat(numbers.histogram().total()).isEqualTo(3 * 4099);
      assertThat(numbers.max()).isEqualTo(3 * 4099 - 1);
      assertThat(numbers.min()).isEqualTo(-(3 * 4099 - 2));
    }
  }

  @Test
  void sumsThatOverflowAreNoInfinities() {
    distribution.observe(vector(Float.MAX_VALUE, Float.MAX_VALUE, -Float.MAX_VALUE));
    assertThat(distribution.infinite()).isZero();
    assertThat(distribution.max()).isEqualTo(Float.MAX_VALUE);
    Histogram histogram = distribution.histogram();
    assertThat(histogram.upper(Histogram.BINS - 1)).isEqualTo(0x1p128);
  }

  @Test
  void averagesWhatEachSampleReaches() {
    distribution.observe(vector(-1, 2));
    distribution.observe(vector(0, 12));
    assertThat(distribution.averageMagnitude()).isEqualTo(2 + 0.1 * 10);
  }
}
