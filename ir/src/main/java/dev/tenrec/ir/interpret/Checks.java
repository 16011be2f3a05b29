package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import com.google.errorprone.annotations.FormatMethod;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;

/** Checks of what only the data can tell. Their messages name the operation. */
final class Checks {
  private Checks() {}

  @FormatMethod
  static void check(boolean condition, String problem, Object... arguments) {
    if (!condition) {
      throw invalid(problem, arguments);
    }
  }

  @FormatMethod
  static TenrecException invalid(String problem, Object... arguments) {
    return new TenrecException(ErrorCode.INVALID_INPUT, problem.formatted(arguments));
  }

  /** An operation met an element type that inference keeps away from it. */
  static TenrecException impossible(Object operation) {
    return new TenrecException(ErrorCode.INTERNAL, operation + " has no meaning here");
  }

  static void sizes(String what, Tensor tensor, ImmutableLongArray expected) {
    check(tensor.sizes().equals(expected), "%s is %s, not %s", what, tensor, expected);
  }

  /** Refuses what is not broadcast to the given sizes without making them larger. */
  static void broadcasts(String what, Tensor tensor, ImmutableLongArray to) {
    int missing = to.length() - tensor.rank();
    boolean fits = missing >= 0;
    for (int axis = 0; fits && axis < tensor.rank(); axis++) {
      fits = tensor.size(axis) == 1 || tensor.size(axis) == to.get(axis + missing);
    }
    check(fits, "%s %s do not broadcast to %s", what, tensor, to);
  }

  /** A position that may count from the end, as one that does not. */
  static long position(String operation, long position, long size) {
    check(
        position >= -size && position < size,
        "%s: position %d is outside of an axis of size %d",
        operation,
        position,
        size);
    return position < 0 ? position + size : position;
  }
}
