package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.counting;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.PadMode;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Tile;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShuffleTest {
  private static Tensor reshape(Tensor x, boolean copyZeros, long... shape) {
    return evaluate(v -> new Reshape(v.get(0), v.get(1), copyZeros), x, Tensor.ofLongs(shape));
  }

  private static Tensor slice(Tensor x, int axis, long start, long end, long step) {
    return evaluate(
        v ->
            new Slice(
                v.get(0), v.get(1), v.get(2), ImmutableList.of(axis), ImmutableLongArray.of(step)),
        x,
        Tensor.ofLongs(start),
        Tensor.ofLongs(end));
  }

  private static Tensor pad(PadMode mode, Tensor x, long... pads) {
    return evaluate(
        v -> new Pad(v.get(0), v.get(1), v.get(2), mode),
        x,
        Tensor.ofLongs(pads),
        Tensor.scalar(x.elementType(), 9));
  }

  @Test
  void reshapeFillsInWhatIsLeft() {
    Tensor x = counting(ElementType.INT64, 2, 3, 4);
    assertThat(reshape(x, true, 0, -1).sizes()).isEqualTo(sizes(2, 12));
    assertThat(reshape(x, false, 4, -1, 2).sizes()).isEqualTo(sizes(4, 3, 2));
    assertThat(reshape(x, false, 24).toLongs()).isEqualTo(x.toLongs());
    assertThat(reshape(floats(sizes(0, 3)), false, 3, 0).sizes()).isEqualTo(sizes(3, 0));
    assertThat(reshape(floats(sizes(0, 3)), true, 0, -1).sizes()).isEqualTo(sizes(0, 3));
    assertThat(reshape(floats(sizes(0, 3)), false, 0, -1).sizes()).isEqualTo(sizes(0, 0));
    assertThat(reshape(floats(sizes(1, 1), 5), false).sizes()).isEqualTo(sizes());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "5 5 | Reshape: float[2, 3] does not reshape to [5, 5]",
        "4 -1 | Reshape: float[2, 3] does not reshape to [4, 1]",
        "-1 -1 | Reshape: [-1, -1] is not a shape",
        "-2 3 | Reshape: [-2, 3] is not a shape",
        "6 1 0 | Reshape: float[2, 3] has no size 2 to copy",
        "4611686018427387904 4611686018427387904 | sizes that cannot be computed"
      })
  void impossibleShapesAreInvalidInput(String shape, String message) {
    long[] sizes = Arrays.stream(shape.split(" ")).mapToLong(Long::parseLong).toArray();
    Tensor x = floats(sizes(2, 3), 1, 2, 3, 4, 5, 6);
    assertThat(failure(v -> new Reshape(v.get(0), v.get(1), true), x, Tensor.ofLongs(sizes)))
        .hasMessageContaining(message)
        .extracting(e -> e.code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
  }

  @Test
  void axesOfSizeOneComeAndGo() {
    Tensor x = counting(ElementType.INT64, 2, 1, 3);
    Tensor squeezed = evaluate(v -> new Squeeze(v.getFirst(), ImmutableList.of(1)), x);
    assertThat(squeezed).isEqualTo(x.withSizes(sizes(2, 3)));
    Tensor unsqueezed =
        evaluate(v -> new Unsqueeze(v.getFirst(), ImmutableList.of(0, 3)), squeezed);
    assertThat(unsqueezed).isEqualTo(x.withSizes(sizes(1, 2, 3, 1)));
    assertThat(failure(v -> new Squeeze(v.getFirst(), ImmutableList.of(0)), x))
        .hasMessageContaining("Squeeze: axis 0 of int64[2, 1, 3] is not 1");
  }

  @Property(tries = 100)
  void theInversePermutationTransposesBack(@ForAll @IntRange(max = 4) int rank, @ForAll long seed) {
    Random random = new Random(seed);
    List<Integer> permutation = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
    Collections.shuffle(permutation, random);
    List<Integer> inverse = IntStream.range(0, rank).map(permutation::indexOf).boxed().toList();
    Tensor x = counting(ElementType.INT16, random.longs(rank, 0, 4).toArray());
    Tensor there = evaluate(v -> new Transpose(v.getFirst(), ImmutableList.copyOf(permutation)), x);
    Tensor back = evaluate(v -> new Transpose(v.getFirst(), ImmutableList.copyOf(inverse)), there);
    assertThat(back).isEqualTo(x);
    assertThat(Arrays.stream(there.toLongs()).sorted().toArray()).isEqualTo(x.toLongs());
  }

  @Test
  void transposeMovesRowsToColumns() {
    Tensor x = counting(ElementType.INT4, 2, 3);
    assertThat(evaluate(v -> new Transpose(v.getFirst(), ImmutableList.of(1, 0)), x).toLongs())
        .containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void concatenationPutsSlicesBehindEachOther() {
    Tensor a = counting(ElementType.INT64, 2, 2);
    Tensor b = counting(ElementType.INT64, 2, 1);
    assertThat(evaluate(v -> new Concat(ImmutableList.copyOf(v), 1), a, b, a).toLongs())
        .containsExactly(0, 1, 0, 0, 1, 2, 3, 1, 2, 3);
    Tensor none = counting(ElementType.INT64, 0, 2);
    assertThat(evaluate(v -> new Concat(ImmutableList.copyOf(v), 0), none, a)).isEqualTo(a);
    assertThat(failure(v -> new Concat(ImmutableList.copyOf(v), 0), a, b))
        .hasMessageContaining("Concat: int64[2, 2] and int64[2, 1] differ at axis 1");
  }

  /** What NumPy's slicing gives, once positions beyond the ends are cut off. */
  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void sliceTakesWhatItsDefinitionVisits(
      @ForAll @IntRange(max = 5) int size,
      @ForAll @IntRange(min = -8, max = 8) int start,
      @ForAll @IntRange(min = -8, max = 8) int end,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll boolean backwards) {
    int step = backwards ? -stride : stride;
    List<Long> expected = new ArrayList<>();
    int first = start < 0 ? start + size : start;
    int last = end < 0 ? end + size : end;
    first = backwards ? Math.min(Math.max(first, 0), size - 1) : Math.max(first, 0);
    last = backwards ? Math.max(last, -1) : last;
    for (int i = first; backwards ? i > last : i < last; i += step) {
      if (i >= 0 && i < size) {
        expected.add((long) i);
      }
    }
    assertThat(slice(counting(ElementType.INT64, size), 0, start, end, step).toLongs())
        .containsExactly(expected.stream().mapToLong(i -> i).toArray());
  }

  @Test
  void sliceReachesBeyondEverything() {
    Tensor x = counting(ElementType.INT64, 2, 3);
    assertThat(slice(x, 1, -1, Long.MIN_VALUE, -1).toLongs()).containsExactly(2, 1, 0, 5, 4, 3);
    assertThat(slice(x, 1, 1, Long.MAX_VALUE, 1).toLongs()).containsExactly(1, 2, 4, 5);
    assertThat(slice(x, 0, 0, Integer.MAX_VALUE, 2).toLongs()).containsExactly(0, 1, 2);
    assertThat(slice(x, 0, 0, 1, Long.MAX_VALUE).toLongs()).containsExactly(0, 1, 2);
    assertThat(slice(x, 0, 1, 0, Long.MIN_VALUE).toLongs()).containsExactly(3, 4, 5);
  }

  @ParameterizedTest
  @CsvSource({
    "CONSTANT, 2, 1, 9 9 0 1 2 9",
    "CONSTANT, -1, 2, 1 2 9 9",
    "CONSTANT, -2, -1, ''",
    "EDGE, 2, 1, 0 0 0 1 2 2",
    "EDGE, -1, 1, 1 2 2",
    "REFLECT, 2, 1, 2 1 0 1 2 1",
    "REFLECT, 4, 5, 0 1 2 1 0 1 2 1 0 1 2 1",
    "REFLECT, -1, 1, 1 2 1",
    "WRAP, 2, 1, 1 2 0 1 2 0",
    "WRAP, 4, 0, 2 0 1 2 0 1 2"
  })
  void paddingOfOneAxis(PadMode mode, long before, long after, String expected) {
    long[] elements =
        expected.isEmpty()
            ? new long[0]
            : Arrays.stream(expected.split(" ")).mapToLong(Long::parseLong).toArray();
    assertThat(pad(mode, counting(ElementType.INT64, 3), before, after).toLongs())
        .containsExactly(elements);
  }

  @Test
  void paddingOfSeveralAxes() {
    Tensor x = counting(ElementType.INT64, 2, 2);
    assertThat(pad(PadMode.CONSTANT, x, 1, 0, 0, 1))
        .isEqualTo(Tensor.ofLongs(9, 9, 9, 0, 1, 9, 2, 3, 9).withSizes(sizes(3, 3)));
    assertThat(pad(PadMode.REFLECT, x, 0, 1, 1, 0).toLongs())
        .containsExactly(1, 0, 1, 3, 2, 3, 1, 0, 1);
    assertThat(pad(PadMode.CONSTANT, counting(ElementType.INT64, 0), 1, 1).toLongs())
        .containsExactly(9, 9);
    assertThat(pad(PadMode.REFLECT, counting(ElementType.INT64, 1), 2, 1).toLongs())
        .containsExactly(0, 0, 0, 0);
    assertThat(
            failure(
                v -> new Pad(v.get(0), v.get(1), v.get(2), PadMode.EDGE),
                counting(ElementType.INT64, 0),
                Tensor.ofLongs(1, 1),
                Tensor.scalar(ElementType.INT64, 0)))
        .hasMessageContaining("EDGE has no element to go by");
    assertThat(
            failure(
                v -> new Pad(v.get(0), v.get(1), v.get(2), PadMode.CONSTANT),
                counting(ElementType.INT64, 2),
                Tensor.ofLongs(-2, -1),
                Tensor.scalar(ElementType.INT64, 0)))
        .hasMessageContaining("take more than the size 2");
  }

  @Test
  void expansionBroadcastsBothWays() {
    Tensor x = counting(ElementType.INT64, 2, 1);
    assertThat(evaluate(v -> new Expand(v.get(0), v.get(1)), x, Tensor.ofLongs(3)).toLongs())
        .containsExactly(0, 0, 0, 1, 1, 1);
    assertThat(evaluate(v -> new Expand(v.get(0), v.get(1)), x, Tensor.ofLongs(2, 1, 1)).sizes())
        .isEqualTo(sizes(2, 2, 1));
    assertThat(evaluate(v -> new Expand(v.get(0), v.get(1)), x, Tensor.ofLongs(2, 0)).sizes())
        .isEqualTo(sizes(2, 0));
    assertThat(failure(v -> new Expand(v.get(0), v.get(1)), x, Tensor.ofLongs(3, 2)))
        .hasMessageContaining("Expand: sizes [[2, 1], [3, 2]] do not broadcast");
  }

  @Test
  void tilesRepeatTheWhole() {
    Tensor x = counting(ElementType.INT64, 2, 2);
    assertThat(evaluate(v -> new Tile(v.get(0), v.get(1)), x, Tensor.ofLongs(1, 2)).toLongs())
        .containsExactly(0, 1, 0, 1, 2, 3, 2, 3);
    assertThat(evaluate(v -> new Tile(v.get(0), v.get(1)), x, Tensor.ofLongs(0, 2)).sizes())
        .isEqualTo(sizes(0, 4));
    assertThat(failure(v -> new Tile(v.get(0), v.get(1)), x, Tensor.ofLongs(-1, 2)))
        .hasMessageContaining("negative size in [-1, 2]");
  }

  @Test
  void whatDoesNotFitMemoryIsTooLarge() {
    Tensor x = counting(ElementType.INT64, 2, 1);
    for (long size : new long[] {1L << 31, 1L << 40, Long.MAX_VALUE}) {
      assertThat(failure(v -> new Expand(v.get(0), v.get(1)), x, Tensor.ofLongs(2, size)))
          .extracting(e -> e.code())
          .isEqualTo(ErrorCode.TOO_LARGE);
    }
    assertThat(failure(v -> new Tile(v.get(0), v.get(1)), x, Tensor.ofLongs(1L << 40, 1L << 40)))
        .extracting(e -> e.code())
        .isEqualTo(ErrorCode.TOO_LARGE);
  }
}
