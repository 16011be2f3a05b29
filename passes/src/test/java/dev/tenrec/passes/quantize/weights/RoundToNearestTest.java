package dev.tenrec.passes.quantize.weights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.tensor.ElementType;
import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class RoundToNearestTest {
  private static final WholeNumbers INT4 = WholeNumbers.of(ElementType.INT4);
  private static final WholeNumbers INT8 = WholeNumbers.of(ElementType.INT8);

  private static double error(Output output, double[] weights) {
    return Vectors.squares(output.errors(weights));
  }

  @Property(tries = 60)
  void clippingNeverMakesErrorsLarger(
      @ForAll long seed,
      @ForAll @IntRange(min = 1, max = 100) int count,
      @ForAll @IntRange(min = 1, max = 70) int block,
      @ForAll boolean narrow) {
    WholeNumbers type = narrow ? INT4 : INT8;
    double[] weights = Vectors.weights(seed, count);
    Output nearest = new RoundToNearest(type, block, false).quantize(weights);
    Output clipped = new RoundToNearest(type, block, true).quantize(weights);
    assertThat(error(clipped, weights)).isLessThanOrEqualTo(error(nearest, weights));
    assertThat(clipped.scales()).hasSize(Math.ceilDiv(count, block));
    for (int i = 0; i < count; i++) {
      assertThat(clipped.numbers()[i]).isBetween(type.lowest(), type.largest());
      assertThat(Math.abs(weights[i] - nearest.value(i)))
          .isLessThanOrEqualTo(nearest.scales()[i / block] * 0.51);
    }
  }

  @Test
  void theLargestOfEachBlockBecomesTheLargestNumber() {
    double[] weights = {7, -3.4, 1, 0.5, -1.75, 0.25};
    Output output = new RoundToNearest(INT4, 4, false).quantize(weights);
    assertThat(output.scales()).containsExactly(1, 0.25);
    assertThat(output.numbers()).containsExactly(7, -3, 1, 0, -7, 1);
  }

  @Test
  void clippingSacrificesOneForMany() {
    double[] weights = new double[64];
    Arrays.setAll(weights, i -> i == 0 ? 0.09 : (i % 15 - 7) * 0.01);
    Output clipped = new RoundToNearest(INT4, 64, true).quantize(weights);
    assertThat(clipped.scales()[0]).isBetween(0.0098, 0.0115);
    assertThat(error(clipped, weights))
        .isLessThan(error(new RoundToNearest(INT4, 64, false).quantize(weights), weights) * 0.8);
  }

  @Test
  void zerosStayZerosOverAPositiveScale() {
    Output output = new RoundToNearest(INT4, 2, true).quantize(new double[] {0, 0, 1, -1});
    assertThat(output.numbers()).containsExactly(0, 0, 7, -7);
    assertThat(output.scales()[0]).isEqualTo(1);
  }

  @Test
  void scalesAreThoseOfFloat16WhereItHasThem() {
    assertThat(WholeNumbers.scale(0.1)).isEqualTo(0.0999755859375);
    assertThat(WholeNumbers.scale(1e-6)).isEqualTo((double) (float) 1e-6);
    assertThat(WholeNumbers.scale(1e6)).isEqualTo(1e6);
    assertThat(WholeNumbers.scale(1e-50)).isEqualTo(1);
  }
}
