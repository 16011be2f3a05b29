package dev.tenrec.compiler.verify;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToleranceTest {
  private static Tensor floats(float... elements) {
    return Tensor.ofFloats(ImmutableLongArray.of(elements.length), elements);
  }

  @ParameterizedTest
  @CsvSource({
    "1.0, 1.0009, true",
    "1.0, 1.002, false",
    "0.0, 0.000009, true",
    "0.0, 0.00002, false",
    "NaN, NaN, true",
    "NaN, 0, false",
    "0, NaN, false",
    "Infinity, Infinity, true",
    "Infinity, -Infinity, false",
    "Infinity, 1e30, false",
    "1e30, Infinity, false",
  })
  void numbersMayDifferALittle(float expected, float actual, boolean accepted) {
    assertThat(Tolerance.EXACT_MATH.difference(floats(actual), floats(expected)).isEmpty())
        .isEqualTo(accepted);
  }

  @Test
  void theScaleIsTheLargestExpectedNumber() {
    assertThat(Tolerance.TENSORRT_FLOAT32.difference(floats(0.009f, 100), floats(0, 100)))
        .isEmpty();
    assertThat(Tolerance.TENSORRT_FLOAT32.difference(floats(0.011f, 100), floats(0, 100)))
        .isPresent();
  }

  @Test
  void integersMustBeEqual() {
    assertThat(Tolerance.FLOAT16.difference(Tensor.ofLongs(1000), Tensor.ofLongs(1001)))
        .hasValueSatisfying(text -> assertThat(text).contains("1000, expected 1001"));
    long large = (1L << 60) + 1;
    assertThat(Tolerance.EXACT_MATH.difference(Tensor.ofLongs(large), Tensor.ofLongs(large - 1)))
        .isPresent();
  }

  @Test
  void typesAndSizesMustBeEqual() {
    assertThat(Tolerance.EXACT_MATH.difference(floats(1), floats(1, 2)))
        .hasValueSatisfying(text -> assertThat(text).contains("float[1], expected float[2]"));
    assertThat(
            Tolerance.EXACT_MATH.difference(
                Tensor.scalar(ElementType.FLOAT32, 1), Tensor.scalar(ElementType.FLOAT64, 1)))
        .isPresent();
  }
}
