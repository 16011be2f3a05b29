package dev.tenrec.passes.calibration;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CalibratorTest {
  private static final List<String> ALL =
      List.of("minmax", "moving-average", "percentile=99.9", "percentile", "entropy", "mse");

  private static Tensor tensor(int count, IntToDoubleFunction element) {
    return Tensor.ofDoubles(ElementType.FLOAT32, ImmutableLongArray.of(count), element);
  }

  private static Distribution of(Tensor tensor) {
    Distribution distribution = new Distribution();
    distribution.observe(tensor);
    return distribution;
  }

  private static double bound(String calibrator, Distribution distribution) {
    return Calibrator.parse(calibrator).bound(distribution, ElementType.INT8);
  }

  /** The mean squared error, by quantizing each element. */
  private static double error(Tensor tensor, double bound) {
    double scale = bound / 127;
    DoubleUnaryOperator round = x -> scale * Math.clamp(Math.rint(x / scale), -127, 127);
    double sum = 0;
    for (double element : tensor.toDoubles()) {
      sum += Math.pow(element - round.applyAsDouble(element), 2);
    }
    return sum / tensor.count();
  }

  private static Tensor laplace(long seed) {
    Random random = new Random(seed);
    return tensor(20000, _ -> Math.log(1 - random.nextDouble()) * (random.nextBoolean() ? 1 : -1));
  }

  @Test
  void percentilesLeaveOutTheirShare() {
    Distribution uniform = of(tensor(100_000, i -> (i + 1) / 100_000.0));
    assertThat(bound("percentile=99.9", uniform)).isCloseTo(0.999, within(0.002));
    assertThat(bound("percentile=50", uniform)).isCloseTo(0.5, within(0.002));
    assertThat(bound("percentile=100", uniform)).isEqualTo(1);
    assertThat(bound("minmax", uniform)).isEqualTo(1);
  }

  @Property(tries = 5)
  void theErrorThatIsExpectedIsTheOneThatOccurs(@ForAll long seed) {
    Tensor tensor = laplace(seed);
    Distribution distribution = of(tensor);
    QuantizationError expected = new QuantizationError(distribution, ElementType.INT8);
    for (String calibrator : ALL) {
      double bound = bound(calibrator, distribution);
      double actual = error(tensor, bound);
      assertThat(expected.squares(bound) / tensor.count()).isCloseTo(actual, within(0.05 * actual));
    }
  }

  @Property(tries = 5)
  void mseHasTheLeastErrorAndAutoHardlyMore(@ForAll long seed) {
    Tensor tensor = laplace(seed);
    Distribution distribution = of(tensor);
    double auto = error(tensor, bound("auto", distribution));
    double least = error(tensor, bound("mse", distribution));
    for (String calibrator : ALL) {
      assertThat(least).isLessThanOrEqualTo(1.05 * error(tensor, bound(calibrator, distribution)));
    }
    assertThat(auto).isLessThan(2 * least);
    assertThat(auto).isLessThan(1.01 * error(tensor, bound("minmax", distribution)));
  }

  @Test
  void entropyCutsOffAFewOutliers() {
    Random random = new Random(1);
    Tensor tensor = tensor(100_000, i -> i == 0 ? 40 : random.nextGaussian());
    assertThat(bound("entropy", of(tensor))).isBetween(3.0, 6.0);
  }

  @Test
  void entropyKeepsFewMagnitudesThatOccurAlikeOften() {
    Tensor grey = tensor(1700, i -> i % 17 / 16.0);
    assertThat(bound("entropy", of(grey))).isEqualTo(1);
  }

  @Test
  void theWidestTypeNeedsNoClipping() {
    Distribution distribution = of(laplace(3));
    assertThat(new Calibrator.LeastError().bound(distribution, ElementType.FLOAT8E4M3FN))
        .isGreaterThan(0.7 * distribution.magnitude());
  }

  @ParameterizedTest
  @ValueSource(strings = {"minmax", "moving-average", "percentile", "entropy", "mse", "auto"})
  void boundsArePositiveUnlessAllIsZero(String calibrator) {
    assertThat(bound(calibrator, of(tensor(10, _ -> 0)))).isZero();
    assertThat(bound(calibrator, of(tensor(1, _ -> -3)))).isBetween(2.98, 3.0);
    assertThat(bound(calibrator, of(tensor(100_000, i -> i == 7 ? 1e-30 : 0))))
        .isBetween(0.9e-30, (double) 1e-30f);
    assertThat(bound(calibrator, of(tensor(3, i -> i * 1e38)))).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"percentile=0", "percentile=101", "percentile=NaN"})
  void percentilesLieBetween0And100(String text) {
    assertThatThrownBy(() -> Calibrator.parse(text))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("is no percentile");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "max", "percentile=", "percentile=x", "mse=1"})
  void otherNamesAreNoCalibrators(String text) {
    assertThatThrownBy(() -> Calibrator.parse(text))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("there is no calibrator '" + text + "'")
        .hasMessageContaining("choose minmax");
  }

  @Test
  void typesThatNothingIsQuantizedToAreRefused() {
    assertThatThrownBy(() -> new QuantizationError(new Distribution(), ElementType.FLOAT16))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("ranges for float16 are not supported");
  }
}
