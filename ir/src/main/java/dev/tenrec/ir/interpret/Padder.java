package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shuffle.PadMode;
import dev.tenrec.ir.tensor.Tensor;
import java.util.stream.IntStream;

/** Padding: first what negative amounts take away, then what positive ones add to the rest. */
final class Padder {
  private Padder() {}

  static Tensor pad(Tensor x, Tensor pads, Tensor fill, PadMode mode) {
    int rank = x.rank();
    Checks.check(pads.count() == 2L * rank, "Pad: pads %s for %s", pads, x);
    Checks.check(fill.count() == 1, "Pad: filled with %s, not one element", fill);
    long[] strides = Positions.strides(x.sizes());
    Margin[] margins = new Margin[rank];
    for (int axis = 0; axis < rank; axis++) {
      margins[axis] =
          Margin.of(x.size(axis), pads.getLong(axis), pads.getLong((long) axis + rank), mode);
    }
    ImmutableLongArray sizes =
        ImmutableLongArray.copyOf(IntStream.range(0, rank).mapToLong(i -> margins[i].total));
    long[] positions =
        Positions.of(
            sizes,
            axis ->
                i -> {
                  long element = margins[axis].element(i, mode);
                  return element < 0 ? Positions.OUTSIDE : element * strides[axis];
                });
    return Tensor.ofBits(
        x.elementType(), sizes, i -> positions[i] < 0 ? fill.getBits(0) : x.getBits(positions[i]));
  }

  /**
   * One axis.
   *
   * @param first the first element that stays
   * @param length the number of elements that stay
   * @param before the number of elements added in front of them
   * @param total the size of the axis in the result
   */
  private record Margin(long first, long length, long before, long total) {
    static Margin of(long size, long before, long after, PadMode mode) {
      long first = Math.max(0, Math.negateExact(before));
      long length = size - first - Math.max(0, Math.negateExact(after));
      long total = Math.addExact(size, Math.addExact(before, after));
      Checks.check(total >= 0, "Pad: %d and %d take more than the size %d", before, after, size);
      Checks.check(
          length > 0 || total == 0 || mode == PadMode.CONSTANT,
          "Pad: %s has no element to go by",
          mode);
      return new Margin(first, length, Math.max(0, before), total);
    }

    /** The element of x at a position of the result; negative if it is to be filled. */
    long element(long i, PadMode mode) {
      long position = i - before;
      if (position >= 0 && position < length) {
        return first + position;
      }
      return switch (mode) {
        case CONSTANT -> -1;
        case EDGE -> first + (position < 0 ? 0 : length - 1);
        case REFLECT -> first + reflected(position);
        case WRAP -> first + Math.floorMod(position, length);
      };
    }

    /** There and back again, the outer elements not repeated. */
    private long reflected(long position) {
      long period = Math.max(1, 2 * (length - 1));
      long phase = Math.floorMod(position, period);
      return Math.min(phase, period - phase) % length;
    }
  }
}
