package dev.tenrec.ir.interpret;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Indexing.NonMaxSuppression;
import dev.tenrec.ir.Indexing.NonZero;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SelectionTest {
  private static final Tensor MANY = Tensor.ofLongs(9);

  /** Two pairs of boxes that overlap by more than half of their union, and one far away. */
  private static final Tensor BOXES =
      Tensors.floats(
          Tensors.sizes(1, 5, 4),
          0,
          0,
          1,
          1,
          0,
          0.1,
          1,
          1.1,
          0,
          10,
          1,
          11,
          0,
          10.1,
          1,
          11.1,
          0,
          100,
          1,
          101);

  private static Tensor nonZero(Tensor x) {
    return Evaluation.evaluate(in -> new NonZero(in.get(0)), x);
  }

  private static Tensor suppress(Tensor scores, Tensor perClass, double overlap) {
    return Evaluation.evaluate(
        in ->
            new NonMaxSuppression(
                in.get(0), in.get(1), in.get(2), in.get(3), Optional.of(in.get(4)), false),
        BOXES,
        scores,
        perClass,
        Tensor.scalar(ElementType.FLOAT32, overlap),
        Tensor.scalar(ElementType.FLOAT32, 0));
  }

  @Test
  void nonZeroGoesThroughRows() {
    Tensor x = Tensors.floats(Tensors.sizes(2, 3), 0, 2, Double.NaN, -0.0, 0, -1);
    assertThat(nonZero(x).toLongs()).containsExactly(0, 0, 1, 1, 2, 2);
    assertThat(nonZero(x).sizes()).isEqualTo(Tensors.sizes(2, 3));
  }

  @Test
  void nonZeroOfScalarsAndNothing() {
    assertThat(nonZero(Tensor.scalar(ElementType.BOOL, 1)).sizes()).isEqualTo(Tensors.sizes(0, 1));
    assertThat(nonZero(Tensor.scalar(ElementType.INT8, 0)).sizes()).isEqualTo(Tensors.sizes(0, 0));
    assertThat(nonZero(Tensors.floats(Tensors.sizes(0, 3))).sizes()).isEqualTo(Tensors.sizes(2, 0));
  }

  @Test
  void betterBoxesDropThoseTheyOverlap() {
    Tensor scores = Tensors.floats(Tensors.sizes(1, 2, 5), .5, .6, .5, .4, .7, .9, 0, .9, .9, .8);
    assertThat(suppress(scores, MANY, 0.5).toLongs())
        .containsExactly(0, 0, 4, 0, 0, 1, 0, 0, 2, 0, 1, 0, 0, 1, 2, 0, 1, 4);
  }

  @Test
  void selectsNoMoreThanAskedFor() {
    Tensor scores = Tensors.floats(Tensors.sizes(1, 1, 5), .5, .6, .5, .4, .7);
    assertThat(suppress(scores, Tensor.ofLongs(2), 1).toLongs()).containsExactly(0, 0, 4, 0, 0, 1);
    assertThat(suppress(scores, Tensor.ofLongs(-1), 1).count()).isZero();
  }

  @Test
  void cornersMayBeSwappedAndEmptyBoxesOverlapNothing() {
    Tensor boxes =
        Tensors.floats(Tensors.sizes(1, 4, 4), 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1);
    Tensor selected =
        Evaluation.evaluate(
            in ->
                new NonMaxSuppression(
                    in.get(0), in.get(1), in.get(2), in.get(3), Optional.empty(), false),
            boxes,
            Tensors.floats(Tensors.sizes(1, 1, 4), -1, -1, -1, -1),
            MANY,
            Tensor.scalar(ElementType.FLOAT32, 0));
    assertThat(selected.toLongs()).containsExactly(0, 0, 0, 0, 0, 2, 0, 0, 3);
  }

  @Test
  void refusesWhatDoesNotFit() {
    Tensor half = Tensor.scalar(ElementType.FLOAT32, 0.5);
    assertThat(
            Evaluation.failure(
                    in ->
                        new NonMaxSuppression(
                            in.get(0), in.get(1), in.get(2), in.get(3), Optional.empty(), false),
                    BOXES,
                    Tensors.floats(ImmutableLongArray.of(1, 1, 4), 1, 1, 1, 1),
                    MANY,
                    half)
                .code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }
}
