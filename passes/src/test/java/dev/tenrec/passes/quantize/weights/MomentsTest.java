package dev.tenrec.passes.quantize.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.Tensor;
import org.junit.jupiter.api.Test;

class MomentsTest {
  private static void assertSame(Moments actual, Moments expected, int channels) {
    double[][] one = actual.damped(0.1);
    double[][] other = expected.damped(0.1);
    for (int i = 0; i < channels; i++) {
      assertThat(one[i]).containsExactly(other[i], within(1e-9));
    }
    assertThat(actual.samples()).isEqualTo(expected.samples());
  }

  @Test
  void allAxesButTheLastAreSamples() {
    Tensor rows = Vectors.rows(1, 150, 6);
    Moments flat = new Moments(6);
    flat.observe(rows);
    Moments nested = new Moments(6);
    nested.observe(rows.withSizes(ImmutableLongArray.of(3, 50, 6)));
    assertSame(nested, flat, 6);
  }

  @Test
  void sumsAreThoseOfAllSamples() {
    Moments both = new Moments(6);
    both.observe(Vectors.rows(1, 150, 6));
    both.observe(Vectors.rows(2, 10, 6));
    assertSame(Vectors.moments(1, 150, 6).plus(Vectors.moments(2, 10, 6)), both, 6);
  }

  @Test
  void knowsWhatIsNotFinite() {
    Moments moments = Vectors.moments(1, 5, 2);
    assertThat(moments.isFinite()).isTrue();
    moments.observe(Tensor.ofFloats(ImmutableLongArray.of(1, 2), 1, Float.POSITIVE_INFINITY));
    assertThat(moments.isFinite()).isFalse();
  }
}
