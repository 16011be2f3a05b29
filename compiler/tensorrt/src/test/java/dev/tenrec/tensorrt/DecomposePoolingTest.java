package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.Arrays;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Pooling that TensorRT has no layer for, computed by the layers that it becomes. */
class DecomposePoolingTest {
  private static ImmutableLongArray same(int rank, long entry) {
    long[] entries = new long[rank];
    Arrays.fill(entries, entry);
    return ImmutableLongArray.copyOf(entries);
  }

  private static long[] sizes(int spatial, long size) {
    return LongStream.concat(LongStream.of(2, 2), same(spatial, size).stream()).toArray();
  }

  @Property(tries = 60)
  void dilated(
      @ForAll @IntRange(min = 1, max = 3) int rank,
      @ForAll PoolKind kind,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 2, max = 3) int dilation,
      @ForAll @IntRange(max = 2) int before,
      @ForAll @IntRange(max = 2) int after,
      @ForAll Window.Padding mode) {
    Window window =
        new Window(
            same(rank, 2),
            same(rank, stride),
            same(rank, dilation),
            same(rank, before),
            same(rank, after),
            mode);
    LoweringCheck.check(
        v -> new Pool(kind, v.getFirst(), window), Tensors.random(1, sizes(rank, 6)));
  }

  @Property(tries = 20)
  void averageOfPaddingRoundedUp(
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(max = 1) int before,
      @ForAll @IntRange(max = 1) int after) {
    Window window =
        new Window(
            same(2, 3),
            same(2, stride),
            same(2, 1),
            same(2, before),
            same(2, after),
            Window.Padding.EXPLICIT_ROUND_UP);
    for (PoolKind kind : PoolKind.values()) {
      LoweringCheck.check(
          v -> new Pool(kind, v.getFirst(), window), Tensors.random(1, sizes(2, 6)));
    }
  }

  @Test
  void manyDimensionsAndIntegers() {
    Window window = Window.of(2, 1, 2, 1);
    LoweringCheck.check(
        v -> new Pool(PoolKind.MAX, v.getFirst(), window), Tensors.random(1, sizes(4, 3)));
    TensorType integers = TensorType.of(ElementType.INT32, 1, 2, 5, 5);
    Window padded =
        new Window(
            same(2, 2), same(2, 2), same(2, 1), same(2, 1), same(2, 0), Window.Padding.EXPLICIT);
    LoweringCheck.check(
        v -> new Pool(PoolKind.MAX, v.getFirst(), padded), Tensors.random(integers, 3));
    LoweringCheck.check(
        v -> new Pool(PoolKind.MAX, v.getFirst(), padded),
        Tensor.ofLongs(ElementType.INT32, Tensors.sizes(1, 1, 3, 3), _ -> Integer.MIN_VALUE));
  }

  @ParameterizedTest
  @CsvSource({
    "max, '', false",
    "average_with_padding, 'padding=explicit_round_up, ', true",
    "average, 'padding=explicit_round_up, ', false",
    "max, 'dilations=[2,2], ', true"
  })
  void leavesWhatHasALayer(String kind, String attributes, boolean decomposed) {
    Graph graph =
        GraphParser.parse(
            "g (float[1,1,6,6] x) => (float[?,?,?,?] y) { y = Pool<kind=%s, %skernel=[2,2]>(x) }"
                .formatted(kind, attributes));
    boolean pools =
        Legalization.EXACT.run(graph).nodes().stream().anyMatch(node -> node.op() instanceof Pool);
    assertThat(pools).isEqualTo(!decomposed);
  }
}
