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
  /** Positions at least this far out stand for the end of an axis of open size. */
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
    Optional<Dim> first =
        step > 0 ? limit(start, size, Fixed.ZERO, highest) : backwardStart(start, size, highest);
    Optional<Dim> last = limit(end, size, step > 0 ? Fixed.ZERO : Dim.of(-1), highest);
    if (first.isEmpty() || last.isEmpty()) {
      return Optional.empty();
    }
    // A start behind the end leaves nothing, wherever it is: N - 1 says more than N - min(1, N).
    boolean inFront = step > 0 && start.lowerBound() >= 0 && start.lowerBound() < FAR;
    Dim from = inFront ? start : first.get();
    Dim distance = step > 0 ? last.get().minus(from) : from.minus(last.get());
    long stride = Math.abs(Math.max(step, -Long.MAX_VALUE));
    boolean open = distance.value().isEmpty();
    Dim count = distance.dividedUpBy(open ? Math.min(stride, FAR) : stride);
    return Optional.of(new SliceBounds(first.get(), Dim.max(Fixed.ZERO, count)));
  }

  /** Backwards, the first position is an element, unless there is none. */
  private static Optional<Dim> backwardStart(Dim start, Dim size, Dim last) {
    if (start.is(-1)) {
      return Optional.of(last);
    }
    Optional<Dim> limited = limit(start, size, Fixed.ZERO, last);
    return start.lowerBound() >= 0 ? limited : limited.map(first -> Dim.min(first, last));
  }

  private static Optional<Dim> limit(Dim position, Dim size, Dim lowest, Dim highest) {
    boolean open = size.value().isEmpty();
    if (position.lowerBound() >= 0) {
      boolean far = open && position.lowerBound() >= FAR;
      return Optional.of(far ? highest : Dim.min(position, highest));
    }
    if (position.upperBound() < 0) {
      boolean far = open && position.upperBound() <= -FAR;
      return Optional.of(far ? lowest : Dim.max(position.plus(size), lowest));
    }
    return Optional.empty();
  }
}
