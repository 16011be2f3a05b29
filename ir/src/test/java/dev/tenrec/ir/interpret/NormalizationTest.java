package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.random;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import dev.tenrec.ir.Normalization.BatchNorm;
import dev.tenrec.ir.Normalization.ChannelNorm;
import dev.tenrec.ir.Normalization.GroupNorm;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class NormalizationTest {
  private static final double INFINITY = Double.POSITIVE_INFINITY;

  private static Tensor softmax(Tensor x, int axis, boolean logarithm) {
    return evaluate(v -> new Softmax(v.getFirst(), axis, logarithm), x);
  }

  @Property(tries = 50)
  void softmaxSumsToOneAndDoesNotSeeShifts(@ForAll @IntRange(max = 2) int axis) {
    Tensor x = random(3, 2, 3, 4);
    Tensor y = softmax(x, axis, false);
    Tensor shifted = Tensor.ofDoubles(ElementType.FLOAT32, x.sizes(), i -> x.getDouble(i) + 500);
    assertClose(softmax(shifted, axis, false), y, 1e-4, 1e-4);
    Axis rows = Axis.of(x.sizes(), axis);
    for (int row = 0; row < rows.rows(); row++) {
      double sum = 0;
      for (int i = 0; i < rows.size(); i++) {
        sum += y.getDouble(rows.position(row, i));
      }
      assertThat(sum).isCloseTo(1, offset(1e-6));
    }
    Tensor logarithms = softmax(x, axis, true);
    assertClose(
        logarithms,
        Tensor.ofDoubles(ElementType.FLOAT32, x.sizes(), i -> Math.log(y.getDouble(i))),
        1e-6,
        1e-6);
  }

  @Test
  void softmaxByHandAndAtTheLimits() {
    assertClose(softmax(floats(0, Math.log(3)), 0, false), floats(0.25, 0.75), 1e-7, 0);
    assertThat(softmax(floats(1000, -1000), 0, true)).isEqualTo(floats(0, -2000));
    assertThat(softmax(floats(1, -INFINITY), 0, false)).isEqualTo(floats(1, 0));
    assertThat(softmax(floats(-INFINITY, -INFINITY), 0, false).toDoubles())
        .containsExactly(Double.NaN, Double.NaN);
    assertThat(softmax(floats(sizes(0, 3)), 1, false).sizes()).isEqualTo(sizes(0, 3));
    assertThat(softmax(floats(sizes(3, 0)), 1, false).sizes()).isEqualTo(sizes(3, 0));
  }

  @Test
  void layerNormBringsRowsToMeanZeroAndVarianceOne() {
    Tensor x = floats(sizes(2, 2), 1, 3, -4, 0);
    assertClose(
        evaluate(
            v -> new LayerNorm(v.get(0), v.get(1), Optional.of(v.get(2)), 1, 0),
            x,
            floats(10, 100),
            floats(sizes(2, 1), 5, 7)),
        floats(sizes(2, 2), -5, 105, -3, 107),
        1e-5,
        0);
    Tensor whole =
        evaluate(
            v -> new LayerNorm(v.get(0), v.get(1), Optional.empty(), 0, 1e-5),
            random(1, 4, 5),
            floats(sizes(), 1));
    double sum = 0;
    double squares = 0;
    for (double element : whole.toDoubles()) {
      sum += element;
      squares += element * element;
    }
    assertThat(sum).isCloseTo(0, offset(1e-4));
    assertThat(squares / 20).isCloseTo(1, offset(1e-4));
  }

  @Test
  void channelNormBringsTheChannelsOfEachPositionToMeanZero() {
    assertClose(
        evaluate(
            v -> new ChannelNorm(v.get(0), v.get(1), v.get(2), 0),
            floats(sizes(1, 2, 2), 1, -4, 3, 0),
            floats(10, 100),
            floats(5, 7)),
        floats(sizes(1, 2, 2), -5, -5, 107, 107),
        1e-5,
        0);
  }

  @Test
  void epsilonIsAddedToTheVariance() {
    Tensor x = floats(sizes(1, 2), 1, 3);
    Tensor one = floats(sizes(), 1);
    assertClose(
        evaluate(v -> new LayerNorm(v.get(0), v.get(1), Optional.empty(), 1, 3), x, one),
        floats(sizes(1, 2), -0.5, 0.5),
        1e-7,
        0);
    assertClose(
        evaluate(v -> new RmsNorm(v.get(0), v.get(1), 1, 11), x, one),
        floats(sizes(1, 2), 0.25, 0.75),
        1e-7,
        0);
  }

  @Test
  void rmsNormDividesByTheRootOfTheMeanSquare() {
    assertClose(
        evaluate(
            v -> new RmsNorm(v.get(0), v.get(1), 1, 0),
            floats(sizes(1, 2, 2), 1, 1, 1, 5),
            floats(sizes(2, 1), 1, 7)),
        floats(sizes(1, 2, 2), 1 / Math.sqrt(7), 1 / Math.sqrt(7), Math.sqrt(7), 5 * Math.sqrt(7)),
        0,
        1e-6);
  }

  @Test
  void groupNormTakesChannelsTogether() {
    Tensor x = floats(sizes(1, 2, 2), 1, 3, 5, 11);
    Tensor scale = floats(1, 10);
    Tensor bias = floats(0, 100);
    assertClose(
        evaluate(v -> new GroupNorm(v.get(0), v.get(1), v.get(2), 0, 0), x, scale, bias),
        floats(sizes(1, 2, 2), -1, 1, 90, 110),
        1e-5,
        0);
    double deviation = Math.sqrt(14);
    assertClose(
        evaluate(v -> new GroupNorm(v.get(0), v.get(1), v.get(2), 1, 0), x, scale, bias),
        floats(sizes(1, 2, 2), -4 / deviation, -2 / deviation, 100, 100 + 60 / deviation),
        1e-4,
        0);
    assertThat(
            failure(
                v -> new GroupNorm(v.get(0), v.get(1), v.get(2), 2, 0),
                random(1, 1, 3, 2),
                floats(1, 1, 1),
                floats(0, 0, 0)))
        .hasMessageContaining("do not make 2 groups");
  }

  @Test
  void batchNormUsesGivenStatistics() {
    Tensor x = floats(sizes(1, 2, 2), 1, 3, 5, 7);
    assertClose(
        evaluate(
            v -> new BatchNorm(v.get(0), v.get(1), v.get(2), v.get(3), v.get(4), 1),
            x,
            floats(2, 1),
            floats(10, 0),
            floats(1, 5),
            floats(3, 0)),
        floats(sizes(1, 2, 2), 10, 12, 0, 2),
        1e-6,
        0);
    assertThat(
            failure(
                v -> new BatchNorm(v.get(0), v.get(1), v.get(2), v.get(3), v.get(4), 1),
                x,
                floats(2, 1),
                floats(10, 0),
                floats(1, 5, 6),
                floats(3, 0)))
        .hasMessageContaining("BatchNorm: mean is float[3], not [2]");
  }

  @Test
  void parametersMayNotBeLargerThanTheOperand() {
    assertThat(
            failure(
                v -> new RmsNorm(v.get(0), v.get(1), 1, 0),
                floats(sizes(1, 2), 1, 1),
                random(1, 3, 2)))
        .hasMessageContaining("Normalization: x is float[1, 2], not [3, 2]");
  }
}
