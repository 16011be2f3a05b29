package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.random;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.Window.Padding;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PoolingTest {
  private static Tensor pool(PoolKind kind, Tensor x, Window window) {
    return evaluate(v -> new Pool(kind, v.getFirst(), window), x);
  }

  private static Window window(
      long kernel, long stride, long dilation, long before, long after, Padding mode) {
    return new Window(
        ImmutableLongArray.of(kernel),
        ImmutableLongArray.of(stride),
        ImmutableLongArray.of(dilation),
        ImmutableLongArray.of(before),
        ImmutableLongArray.of(after),
        mode);
  }

  /** Positions are tried one by one, as the definition of the modes tells. */
  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void isTheFoldOverItsDefinition(
      @ForAll PoolKind kind,
      @ForAll boolean roundUp,
      @ForAll @IntRange(min = 1, max = 9) int size,
      @ForAll @IntRange(min = 1, max = 4) int kernel,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(min = 1, max = 2) int dilation,
      @ForAll @IntRange(max = 3) int before,
      @ForAll @IntRange(max = 3) int after) {
    int extent = (kernel - 1) * dilation + 1;
    // A window of nothing but padding has neither maximum nor mean.
    Assume.that(before + after == 0 || (before < kernel && after < kernel && dilation == 1));
    Assume.that(size + before + after >= extent);
    Padding mode = roundUp ? Padding.EXPLICIT_ROUND_UP : Padding.EXPLICIT;
    Tensor x = random(7, 1, 2, size);
    List<Double> expected = new ArrayList<>();
    for (int plane = 0; plane < 2; plane++) {
      double[] row = Arrays.copyOfRange(x.toDoubles(), plane * size, (plane + 1) * size);
      int start = -before;
      while (starts(start, extent, size, after, stride, roundUp)) {
        expected.add(fold(kind, row, start, kernel, dilation, after));
        start += stride;
      }
    }
    double[] elements = expected.stream().mapToDouble(e -> e).toArray();
    assertClose(
        pool(kind, x, window(kernel, stride, dilation, before, after, mode)),
        floats(sizes(1, 2, elements.length / 2), elements),
        1e-6,
        1e-6);
  }

  private static double fold(
      PoolKind kind, double[] row, int start, int kernel, int dilation, int after) {
    int[] taps = IntStream.range(0, kernel).map(tap -> start + tap * dilation).toArray();
    double[] inside =
        Arrays.stream(taps)
            .filter(i -> i >= 0 && i < row.length)
            .mapToDouble(i -> row[i])
            .toArray();
    double sum = Arrays.stream(inside).sum();
    return switch (kind) {
      case MAX -> Arrays.stream(inside).max().orElseThrow();
      case AVERAGE -> sum / inside.length;
      case AVERAGE_WITH_PADDING ->
          sum / Arrays.stream(taps).filter(i -> i < row.length + after).count();
    };
  }

  /** Whether a window starts here: it fits, or rounding up, one more that starts inside. */
  private static boolean starts(
      int start, int extent, int size, int after, int stride, boolean roundUp) {
    boolean fits = start + extent <= size + after;
    boolean lastFits = start - stride + extent <= size + after;
    boolean reachesBeyond = start - stride + extent < size + after;
    return fits || (roundUp && lastFits && reachesBeyond && start < size);
  }

  @Test
  void twoDimensions() {
    Tensor x = floats(sizes(1, 1, 3, 3), 1, 2, 3, 4, 5, 6, 7, 8, 9);
    assertThat(pool(PoolKind.MAX, x, Window.of(2, 2)))
        .isEqualTo(floats(sizes(1, 1, 2, 2), 5, 6, 8, 9));
    assertThat(pool(PoolKind.AVERAGE, x, Window.of(2, 3)))
        .isEqualTo(floats(sizes(1, 1, 2, 1), 3.5, 6.5));
    ImmutableLongArray two = ImmutableLongArray.of(2, 2);
    ImmutableLongArray one = ImmutableLongArray.of(1, 1);
    Window same = new Window(two, two, one, one, one, Padding.SAME_UPPER);
    assertThat(pool(PoolKind.AVERAGE, x, same))
        .isEqualTo(floats(sizes(1, 1, 2, 2), 3, 4.5, 7.5, 9));
    assertThat(pool(PoolKind.AVERAGE_WITH_PADDING, x, same))
        .isEqualTo(floats(sizes(1, 1, 2, 2), 3, 2.25, 3.75, 2.25));
    Window lower = new Window(two, two, one, one, one, Padding.SAME_LOWER);
    assertThat(pool(PoolKind.MAX, x, lower)).isEqualTo(floats(sizes(1, 1, 2, 2), 1, 3, 7, 9));
  }

  @Test
  void maximumOfIntegersAndNan() {
    Tensor bytes = Tensor.ofLongs(ElementType.UINT8, sizes(1, 1, 4), i -> 250 + i);
    assertThat(pool(PoolKind.MAX, bytes, Window.of(2)).toLongs()).containsExactly(251, 252, 253);
    Tensor nan = floats(sizes(1, 1, 3), 1, Double.NaN, 2);
    assertThat(pool(PoolKind.MAX, nan, Window.of(1)).getDouble(1)).isNaN();
    assertThat(pool(PoolKind.MAX, nan, Window.of(3)).getDouble(0)).isNaN();
  }

  @Test
  void emptyBatch() {
    assertThat(pool(PoolKind.MAX, floats(sizes(0, 2, 4)), Window.of(2)).sizes())
        .isEqualTo(sizes(0, 2, 3));
  }
}
