package dev.tenrec.passes.quantize.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class CompensateErrorsTest {
  private static final WholeNumbers INT4 = WholeNumbers.of(ElementType.INT4);

  @Property(tries = 40)
  void neverDoesMoreToTheOutputThanTheNearestNumbers(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 90) int count,
      @ForAll @IntRange(min = 1, max = 64) int block,
      @ForAll @IntRange(min = 1, max = 200) int rows) {
    double[] weights = Vectors.weights(seed, count);
    OutputError error = OutputError.of(Vectors.moments(seed, rows, count));
    Output compensated = new CompensateErrors(INT4, block, error).quantize(weights);
    double least = error.of(compensated.errors(weights));
    for (boolean clips : new boolean[] {false, true}) {
      Output nearest = new RoundToNearest(INT4, block, clips).quantize(weights);
      assertThat(least).isLessThanOrEqualTo(error.of(nearest.errors(weights)));
    }
  }

  @Test
  void gainsMuchWhereChannelsDependOnEachOther() {
    OutputError error = OutputError.of(Vectors.moments(1, 500, 128));
    double compensated = 0;
    double nearest = 0;
    for (int seed = 0; seed < 20; seed++) {
      double[] weights = Vectors.weights(seed, 128);
      compensated +=
          error.of(new CompensateErrors(INT4, 64, error).quantize(weights).errors(weights));
      nearest += error.of(new RoundToNearest(INT4, 64, true).quantize(weights).errors(weights));
    }
    assertThat(compensated).isLessThan(nearest * 0.6);
  }

  @Test
  void longBlocksKeepTheScaleOfTheClippedOnes() {
    OutputError error = OutputError.of(Vectors.moments(1, 500, 300));
    double[] weights = Vectors.weights(1, 300);
    Output compensated = new CompensateErrors(INT4, 300, error).quantize(weights);
    Output clipped = new RoundToNearest(INT4, 300, true).quantize(weights);
    assertThat(compensated.scales()).isEqualTo(clipped.scales());
    assertThat(error.of(compensated.errors(weights))).isLessThan(error.of(clipped.errors(weights)));
  }

  @Test
  void theErrorIsThatOfTheOutput() {
    Tensor rows = Vectors.rows(3, 2000, 24);
    Moments moments = new Moments(24);
    moments.observe(rows);
    double[] errors = Vectors.weights(5, 24);
    double mean = 0;
    for (int row = 0; row < 2000; row++) {
      double output = 0;
      for (int i = 0; i < 24; i++) {
        output += rows.getDouble(row * 24L + i) * errors[i];
      }
      mean += output * output / 2000;
    }
    double diagonal = 0;
    for (int i = 0; i < 24; i++) {
      diagonal += moments.meanSquare(i) / 24;
    }
    double damped = mean + 0.01 * diagonal * Vectors.squares(errors);
    assertThat(OutputError.of(moments).of(errors)).isCloseTo(damped, within(1e-9 * damped));
  }

  @Test
  void inputsThatAreAlwaysZeroLeaveTheNearestNumbers() {
    Moments moments = new Moments(8);
    moments.observe(Tensor.ofFloats(Vectors.rows(1, 2, 8).sizes(), new float[16]));
    double[] weights = Vectors.weights(1, 8);
    OutputError error = OutputError.of(moments);
    assertThat(error.of(weights)).isCloseTo(Vectors.squares(weights), within(1e-12));
    assertThat(new CompensateErrors(INT4, 8, error).quantize(weights).numbers())
        .isEqualTo(new RoundToNearest(INT4, 8, true).quantize(weights).numbers());
  }
}
