package dev.tenrec.passes.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import org.junit.jupiter.api.Test;

class DifferenceTest {
  private static Tensor floats(double... numbers) {
    ImmutableLongArray sizes = ImmutableLongArray.of(numbers.length);
    return Tensor.ofDoubles(ElementType.FLOAT64, sizes, i -> numbers[i]);
  }

  private static Difference between(Tensor expected, Tensor actual) {
    return Difference.between("y", expected, actual);
  }

  @Test
  void measuresTheDistance() {
    Difference difference = between(floats(0, 3, -9), floats(0.5, 3, -8));
    assertThat(difference.absolute()).isEqualTo(1);
    assertThat(difference.error()).isCloseTo(0.5, within(1e-12));
    assertThat(difference.worst()).isEqualTo("element 0 of double[3]: 0.0 became 0.5");
    assertThat(difference.isWithin(0.5)).isTrue();
    assertThat(difference.isWithin(0.4)).isFalse();
  }

  @Test
  void equalsWhatIsEqual() {
    Tensor odd = floats(Double.NaN, Double.POSITIVE_INFINITY, -0.0);
    assertThat(between(odd, floats(Double.NaN, Double.POSITIVE_INFINITY, 0)))
        .isEqualTo(new Difference("y", 0, 0, ""));
  }

  @Test
  void nothingIsNearWhatIsNotFinite() {
    assertThat(between(floats(Double.NaN), floats(0)).error()).isInfinite();
    assertThat(between(floats(1), floats(Double.POSITIVE_INFINITY)).error()).isInfinite();
    assertThat(between(floats(Double.POSITIVE_INFINITY), floats(1)).error()).isInfinite();
    assertThat(between(floats(Double.POSITIVE_INFINITY), floats(Double.NEGATIVE_INFINITY)).error())
        .isInfinite();
  }

  @Test
  void integersAreEqualOrNot() {
    assertThat(between(Tensor.ofLongs(7, 8), Tensor.ofLongs(7, 8)).error()).isZero();
    Difference difference = between(Tensor.ofLongs(7, 8), Tensor.ofLongs(7, 6));
    assertThat(difference.absolute()).isEqualTo(2);
    assertThat(difference.error()).isInfinite();
  }

  @Test
  void typesShapesAndNamesMustBeTheSame() {
    assertThat(between(floats(1), floats(1, 1)).worst()).isEqualTo("double[1] became double[2]");
    assertThat(between(floats(1), Tensor.ofLongs(1)).error()).isInfinite();
    assertThat(Difference.between(ImmutableMap.of("y", floats(1)), ImmutableMap.of()))
        .singleElement()
        .satisfies(missing -> assertThat(missing.error()).isInfinite());
  }
}
