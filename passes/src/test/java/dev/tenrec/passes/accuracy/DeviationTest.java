package dev.tenrec.passes.accuracy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeviationTest {
  private static Deviation between(float[] expected, float[] actual) {
    DeviationMeter meter = new DeviationMeter();
    meter.add(vector(expected), vector(actual));
    return meter.deviation();
  }

  private static Tensor vector(float... elements) {
    return Tensor.ofFloats(ImmutableLongArray.of(elements.length), elements);
  }

  @Test
  void measuresOverAllTensors() {
    DeviationMeter meter = new DeviationMeter();
    meter.add(vector(3, 4), vector(3, 5));
    meter.add(vector(0), vector(2));
    Deviation deviation = meter.deviation();
    assertThat(deviation.elements()).isEqualTo(3);
    assertThat(deviation.max()).isEqualTo(2);
    assertThat(deviation.mean()).isEqualTo(1);
    assertThat(deviation.cosine()).isCloseTo(29 / (5 * Math.sqrt(38)), within(1e-12));
    assertThat(deviation.decibels()).isCloseTo(10 * Math.log10(5), within(1e-12));
  }

  @Test
  void takesWhatIsEqualAsPerfect() {
    Deviation same = between(new float[] {0, Float.NaN}, new float[] {0, Float.NaN});
    assertThat(same).isEqualTo(new Deviation(2, 0, 0, 0, 1, Double.POSITIVE_INFINITY));
  }

  @Test
  void sumsOfNothingHaveNoDirection() {
    Deviation lost = between(new float[] {1e-3f, 1}, new float[] {0, 0});
    assertThat(lost.cosine()).isZero();
    assertThat(lost.decibels()).isZero();
  }

  @ParameterizedTest
  @CsvSource({"Infinity, 65504", "1, NaN", "-Infinity, Infinity"})
  void countsWhatIsNotFiniteInOneOnly(float expected, float actual) {
    Deviation broken = between(new float[] {1, expected}, new float[] {1, actual});
    assertThat(broken.broken()).isEqualTo(1);
    assertThat(DeviationBound.parse("cosine>=-1").holds(broken)).isFalse();
    assertThat(DeviationBound.parse("max<=1e30").holds(broken)).isFalse();
  }

  @Test
  void nothingButNaNsIsNoAgreement() {
    Deviation none = between(new float[] {Float.NaN}, new float[] {Float.NaN});
    assertThat(DeviationBound.parse("cosine>=-1").holds(none)).isFalse();
    assertThat(none.decibels()).isNegative();
  }

  @Test
  void countsWhatHasAnotherSize() {
    assertThat(between(new float[] {1, 2}, new float[] {1}).broken()).isEqualTo(2);
  }

  @ParameterizedTest
  @CsvSource({
    "cosine>=0.9, true", "cosine >= 0.96, false", "snr>=7, false", "snr>=6.9, true",
    "max<=2, true", "max<=1.9, false", "mean<=1, true", "mean<=9e-1, false",
  })
  void comparesWithBounds(String bound, boolean holds) {
    Deviation deviation = between(new float[] {3, 4, 0}, new float[] {3, 5, 2});
    assertThat(DeviationBound.parse(bound).holds(deviation)).isEqualTo(holds);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "snr", "snr<=1", "max>=1", "max<=", "max<=1e", "psnr>=2", "cosine>=nan"})
  void refusesOtherBounds(String text) {
    assertThatThrownBy(() -> DeviationBound.parse(text)).isInstanceOf(TenrecException.class);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "cosine>=1.5",
        "cosine>=-2",
        "max<=-1",
        "mean<=-1e-9",
        "snr>=1e999",
        "snr>=-1e999",
        "max<=1e999"
      })
  void refusesBoundsThatHoldAlwaysOrNever(String text) {
    assertThatThrownBy(() -> DeviationBound.parse(text))
        .hasMessageContaining("'%s' holds always or never".formatted(text));
  }
}
