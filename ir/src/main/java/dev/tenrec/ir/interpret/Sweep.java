package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Window;
import java.util.stream.IntStream;

/**
 * A window on its way over spatial dimensions of known sizes.
 *
 * @param sizes of what the window moves over
 * @param steps the number of its positions along each dimension
 */
record Sweep(Window window, ImmutableLongArray sizes, ImmutableLongArray steps) {
  static Sweep over(ImmutableLongArray sizes, Window window) {
    return new Sweep(
        window,
        sizes,
        ImmutableLongArray.copyOf(
            IntStream.range(0, sizes.length()).mapToLong(i -> steps(window, i, sizes.get(i)))));
  }

  private static long steps(Window window, int i, long size) {
    long stride = window.strides().get(i);
    long start = window.before(i, size);
    long room = size + start + window.after(i, size) - window.extent(i);
    return switch (window.mode()) {
      case SAME_UPPER, SAME_LOWER -> Math.ceilDiv(size, stride);
      case EXPLICIT -> {
        Checks.check(room >= 0, "%s is larger than the padded size %d", window, size);
        yield room / stride + 1;
      }
      case EXPLICIT_ROUND_UP -> {
        Checks.check(room > -stride, "%s is larger than the padded size %d", window, size);
        // Windows that start in the padding behind are left out.
        yield Math.min(Math.ceilDiv(room, stride) + 1, Math.ceilDiv(size + start, stride));
      }
    };
  }

  int rank() {
    return sizes.length();
  }

  /** The number of elements of the kernel. */
  int taps() {
    return Positions.count(window.kernel());
  }

  /** The number of positions. */
  int positions() {
    return Positions.count(steps);
  }

  /** For each position the element that lies under a tap of the kernel; negative in the padding. */
  long[] elementsUnder(int tap) {
    long[] strides = Positions.strides(sizes);
    return Positions.of(
        steps,
        axis ->
            step -> {
              long element = element(axis, step, tap);
              boolean inside = element >= 0 && element < sizes.get(axis);
              return inside ? element * strides[axis] : Positions.OUTSIDE;
            });
  }

  /** For each position 0, or a negative number if the tap lies beyond the padding too. */
  long[] reachedBy(int tap) {
    return Positions.of(
        steps,
        axis ->
            step -> {
              long size = sizes.get(axis);
              long element = element(axis, step, tap);
              boolean beyond =
                  element < -window.before(axis, size)
                      || element >= size + window.after(axis, size);
              return beyond ? Positions.OUTSIDE : 0;
            });
  }

  private long element(int axis, long step, int tap) {
    long strideOfTap = Positions.strides(window.kernel())[axis];
    long tapOnAxis = tap / strideOfTap % window.kernel().get(axis);
    return step * window.strides().get(axis)
        + tapOnAxis * window.dilations().get(axis)
        - window.before(axis, sizes.get(axis));
  }
}
