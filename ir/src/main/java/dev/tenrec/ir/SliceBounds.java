package dev.tenrec.ir;

import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import java.util.Optional;

/**
 * A slice along one axis in normal form.
 *
 * @param start the first position, within the axis
 * @param count the number of elements
 */
public record SliceBounds(Dim start, Dim count) {
  /** Positions at least this far out stand for the end of an axis. */
  private static final long FAR = Integer.MAX_VALUE;

  /**
   * Applies ONNX's rules for negative positions and limits; empty if the sign of a position is
   * open.
   *
   * @param size the size of the axis
   * @param step not 0
   */
  public static Optional<SliceBounds> of(Dim start, Dim end, Dim size, long step) {
    Dim highest = step > 0 ? size : size.plus(-1);
    Dim lowest = step > 0 ? Fixed.ZERO : Dim.of(-1);
    Optional<Dim> first = limit(start, size, Fixed.ZERO, highest);
    Optional<Dim> last = limit(end, size, lowest, highest);
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    Dim distance = step > 0 ? last.get().minus(first.get()) : first.get().minus(last.get());
    Dim count = Dim.max(Fixed.ZERO, distance.dividedUpBy(Math.abs(step)));
    return Optional.of(new SliceBounds(first.get(), count));
  }

  private static Optional<Dim> limit(Dim position, Dim size, Dim lowest, Dim highest) {
    if (position.lowerBound() >= FAR) {
      return Optional.of(highest);
    }
    if (position.upperBound() <= -FAR) {
      return Optional.of(lowest);
    }
    if (position.lowerBound() >= 0) {
      return Optional.of(Dim.min(position, highest));
    }
    if (position.upperBound() < 0) {
      return Optional.of(Dim.max(position.plus(size), lowest));
    }
    return Optional.empty();
  }
}
