package dev.tenrec.ir;

import com.google.errorprone.annotations.FormatMethod;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;

/** Checks that the operations' constructors share. An operation that fails one cannot be built. */
final class Typing {
  private Typing() {}

  @FormatMethod
  static void check(boolean condition, String problem, Object... arguments) {
    if (!condition) {
      throw new TenrecException(ErrorCode.INVALID_TYPE, problem.formatted(arguments));
    }
  }

  static void sameElementType(Value first, Value second) {
    check(
        first.elementType() == second.elementType(),
        "operands %s and %s have different element types",
        first.type(),
        second.type());
  }

  static void floating(Value value) {
    check(value.elementType().isFloating(), "operand %s is not floating-point", value.type());
  }

  static void integer(Value value) {
    check(value.elementType().isInteger(), "operand %s is not an integer tensor", value.type());
  }

  /** Small integer tensors that stand for sizes, positions and counts. */
  static void index(Value value) {
    check(
        value.elementType() == ElementType.INT64 || value.elementType() == ElementType.INT32,
        "operand %s is neither int32 nor int64",
        value.type());
  }

  static void numeric(Value value) {
    check(value.elementType() != ElementType.BOOL, "operand %s is not numeric", value.type());
  }

  /** A single number in a tensor of any rank. */
  static void single(Value value) {
    check(
        value.shape().elementCount().value().orElse(1) == 1,
        "operand %s is not a single element",
        value.type());
  }

  /** Whether two sizes may be the same: they differ only if both are known. */
  static boolean agree(Dim first, Dim second) {
    return first.value().isEmpty() || second.value().isEmpty() || first.equals(second);
  }

  /** An operand that is broadcast to another one without making it larger. */
  static void broadcastsTo(Value from, Value to) {
    broadcastsTo(from, to.type());
  }

  static void broadcastsTo(Value from, TensorType to) {
    int missing = to.rank() - from.rank();
    boolean fits = missing >= 0;
    for (int axis = 0; fits && axis < from.rank(); axis++) {
      fits = from.dim(axis).is(1) || agree(from.dim(axis), to.dim(axis + missing));
    }
    check(fits, "%s does not broadcast to %s", from.type(), to);
  }

  static void scalar(Value value, ElementType type) {
    check(
        value.elementType() == type && value.rank() == 0,
        "operand %s is not a scalar of type %s",
        value.type(),
        type.text());
  }

  static void rank(Value value, int rank) {
    check(value.rank() == rank, "operand %s does not have rank %d", value.type(), rank);
  }

  static void rankAtLeast(Value value, int rank) {
    check(value.rank() >= rank, "operand %s has a rank below %d", value.type(), rank);
  }

  static void axis(int axis, int rank) {
    check(axis >= 0 && axis < rank, "axis %d does not exist in rank %d", axis, rank);
  }
}
