package dev.tenrec.ir;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Window.Padding;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import net.jqwik.api.Assume;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WindowTest {
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

  /** Positions counted one by one. */
  @Property(tries = 2000, edgeCases = EdgeCasesMode.NONE)
  void positionsAreCounted(
      @ForAll Padding mode,
      @ForAll @IntRange(min = 1, max = 5) int kernel,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(min = 1, max = 3) int dilation,
      @ForAll @IntRange(max = 4) int before,
      @ForAll @IntRange(max = 4) int after,
      @ForAll @IntRange(max = 20) int size) {
    Window window = window(kernel, stride, dilation, before, after, mode);
    long extent = (kernel - 1L) * dilation + 1;
    long padded = window.before(0, size) + size + window.after(0, size);
    Assume.that(padded >= extent);
    long count = 0;
    boolean roundUp = mode == Padding.EXPLICIT_ROUND_UP;
    for (long start = 0; start - stride + extent < padded; start += stride) {
      boolean fits = start + extent <= padded;
      boolean startsInside = start < window.before(0, size) + size;
      count += roundUp ? (startsInside ? 1 : 0) : fits ? 1 : 0;
    }
    assertThat(window.outputSize(0, Dim.of(size))).isEqualTo(Dim.of(count));
    assertThat(window.outputSize(0, Dim.symbol("N")).evaluate(_ -> size)).isEqualTo(count);
  }

  /** The definition: as many positions as strides fit, with as little padding as that takes. */
  @Property(tries = 1000, edgeCases = EdgeCasesMode.NONE)
  void samePaddingCentresTheWindow(
      @ForAll boolean upper,
      @ForAll @IntRange(min = 1, max = 5) int kernel,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(min = 1, max = 3) int dilation,
      @ForAll @IntRange(min = 1, max = 20) int size) {
    Padding mode = upper ? Padding.SAME_UPPER : Padding.SAME_LOWER;
    Window window = window(kernel, stride, dilation, 7, 7, mode);
    long before = window.before(0, size);
    long after = window.after(0, size);
    long positions = (long) Math.ceil((double) size / stride);
    long needed = (positions - 1) * stride + (kernel - 1L) * dilation + 1 - size;
    assertThat(before + after).isEqualTo(Math.max(0, needed));
    assertThat(upper ? after - before : before - after).isBetween(0L, 1L);
    assertThat(window.outputSize(0, Dim.of(size))).isEqualTo(Dim.of(positions));
  }

  @Test
  void kernelsThatDoNotFitAreRefused() {
    Window window = window(3, 1, 2, 1, 1, Padding.EXPLICIT);
    assertThat(window.outputSize(0, Dim.of(3))).isEqualTo(Dim.of(1));
    assertThatThrownBy(() -> window.outputSize(0, Dim.of(2)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("larger than the padded input");
    assertThatThrownBy(() -> window(0, 1, 1, 0, 0, Padding.EXPLICIT))
        .hasMessageContaining("must be positive");
    assertThatThrownBy(() ->
            window(Long.MAX_VALUE, 1, 2, 0, 0, Padding.EXPLICIT).outputSize(0, Dim.symbol("N")))
        .isInstanceOf(ArithmeticException.class);
  }
}
