package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;

/**
 * A tensor as rows along one axis.
 *
 * @param outer the number of elements over the axes before
 * @param size the length of the axis
 * @param inner the number of elements over the axes behind
 */
record Axis(int outer, int size, int inner) {
  static Axis of(ImmutableLongArray sizes, int axis) {
    return new Axis(
        Positions.count(sizes.subArray(0, axis)),
        Math.toIntExact(sizes.get(axis)),
        Positions.count(sizes.subArray(axis + 1, sizes.length())));
  }

  int rows() {
    return outer * inner;
  }

  /** The position of an element of a row. */
  int position(int row, int i) {
    return (row / inner * size + i) * inner + row % inner;
  }

  /** The place in its row of the element at a position. */
  int indexOf(int position) {
    return position / inner % size;
  }

  /** The row that the element at a position belongs to. */
  int rowOf(int position) {
    return position / (size * inner) * inner + position % inner;
  }
}
