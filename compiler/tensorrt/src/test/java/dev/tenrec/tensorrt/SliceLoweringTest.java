package dev.tenrec.tensorrt;

import static dev.tenrec.ir.Terms.vector;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class SliceLoweringTest {

  @Property(tries = 80)
  void bounds(
      @ForAll @IntRange(min = -9, max = 9) int start,
      @ForAll @IntRange(min = -9, max = 9) int end,
      @ForAll @IntRange(min = -3, max = 3) int step) {
    long by = step == 0 ? 1 : step;
    LoweringCheck.check(
        x ->
            new Shuffle.Slice(
                x.getFirst(),
                vector(start, 1),
                vector(end, 3),
                ImmutableList.of(1, 0),
                ImmutableLongArray.of(by, 1)),
        TensorType.of(ElementType.INT32, 4, 6));
  }

  @Test
  void boundsFarBeyondTheEnds() {
    LoweringCheck.check(
        x ->
            new Shuffle.Slice(
                x.getFirst(),
                vector(-1, 0),
                vector(Long.MIN_VALUE, Long.MAX_VALUE),
                ImmutableList.of(0, 1),
                ImmutableLongArray.of(-1, 2)),
        TensorType.of(ElementType.FLOAT32, 4, 5));
  }

  /** Bounds that only a run tells: their sign is open, too. */
  @Property(tries = 40)
  void computedBounds(
      @ForAll @IntRange(min = -7, max = 7) int start,
      @ForAll @IntRange(min = -7, max = 7) int end,
      @ForAll @IntRange(min = -2, max = 2) int step) {
    long by = step == 0 ? 1 : step;
    LoweringCheck.check(
        x -> {
          // Not an input, which would have to be known when the engine is built. Inference does not
          // follow powers.
          Value size = new Source.ShapeOf(x.get(0)).value();
          Value one = new Elementwise.Binary(BinaryKind.POW, size, vector(0)).value();
          Value shifted = new Elementwise.Binary(BinaryKind.MUL, one, vector(start)).value();
          return new Shuffle.Slice(
              x.get(0), shifted, vector(end), ImmutableList.of(0), ImmutableLongArray.of(by));
        },
        TensorType.of(ElementType.INT64, 5));
  }

  @Test
  void wholeSliceInReverse() {
    LoweringCheck.check(
        x ->
            new Shuffle.Slice(
                x.getFirst(),
                vector(-1),
                vector(Long.MIN_VALUE),
                ImmutableList.of(0),
                ImmutableLongArray.of(-1)),
        Tensor.ofLongs(1, 2, 3));
  }
}
