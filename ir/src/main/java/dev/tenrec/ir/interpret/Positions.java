package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Collection;
import java.util.List;
import java.util.function.IntFunction;
import java.util.function.IntToLongFunction;
import java.util.function.LongUnaryOperator;
import java.util.stream.LongStream;

/**
 * Where in a tensor the elements of a result lie: one number for each of them, in row-major order.
 *
 * <p>All operations that move elements, broadcast or slide a window are told by one function per
 * axis of the result, whose values add up to the position.
 */
final class Positions {
  /**
   * What an axis gives for an element that lies nowhere: the sum is negative, whatever is added.
   */
  static final long OUTSIDE = -(1L << 56);

  private static final int MAX_COUNT = Integer.MAX_VALUE - 8;

  private Positions() {}

  /**
   * @param sizes of the result
   * @param offsets for each axis, the share of an index along it in the position
   */
  static long[] of(ImmutableLongArray sizes, IntFunction<LongUnaryOperator> offsets) {
    long[] positions = new long[count(sizes) == 0 ? 0 : 1];
    for (int axis = 0; axis < sizes.length() && positions.length > 0; axis++) {
      LongUnaryOperator offset = offsets.apply(axis);
      long[] alongAxis = LongStream.range(0, sizes.get(axis)).map(offset).toArray();
      long[] longer = new long[positions.length * alongAxis.length];
      for (int i = 0, next = 0; i < positions.length; i++) {
        for (long step : alongAxis) {
          longer[next++] = positions[i] + step;
        }
      }
      positions = longer;
    }
    return positions;
  }

  /** The number of elements, if so many can be computed. */
  static int count(ImmutableLongArray sizes) {
    if (sizes.stream().anyMatch(size -> size == 0)) {
      return 0;
    }
    double count = sizes.stream().asDoubleStream().reduce(1, (a, b) -> a * b);
    if (count > MAX_COUNT) {
      throw new TenrecException(
          ErrorCode.TOO_LARGE, "a tensor of sizes %s cannot be computed here".formatted(sizes));
    }
    return (int) count;
  }

  /** The distance in memory between neighbours along each axis. */
  static long[] strides(ImmutableLongArray sizes) {
    long[] strides = new long[sizes.length()];
    long stride = 1;
    for (int axis = strides.length - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      stride *= Math.max(1, sizes.get(axis));
    }
    return strides;
  }

  /** The elements of x at the given positions, bit by bit. */
  static Tensor pick(Tensor x, ImmutableLongArray sizes, long[] positions) {
    return Tensor.ofBits(x.elementType(), sizes, i -> x.getBits(positions[i]));
  }

  /** The sizes to which tensors are broadcast, as in NumPy. */
  static ImmutableLongArray broadcast(String operation, Collection<ImmutableLongArray> sizes) {
    int rank = sizes.stream().mapToInt(ImmutableLongArray::length).max().orElse(0);
    long[] result = LongStream.generate(() -> 1).limit(rank).toArray();
    for (ImmutableLongArray operand : sizes) {
      int missing = rank - operand.length();
      for (int axis = 0; axis < operand.length(); axis++) {
        long size = operand.get(axis);
        long other = result[missing + axis];
        Checks.check(
            size == other || size == 1 || other == 1,
            "%s: sizes %s do not broadcast to each other",
            operation,
            sizes);
        result[missing + axis] = other == 1 ? size : other;
      }
    }
    return ImmutableLongArray.copyOf(result);
  }

  static ImmutableLongArray broadcast(String operation, List<Tensor> operands) {
    return broadcast(operation, operands.stream().map(Tensor::sizes).toList());
  }

  /** For each element of a result the one of an operand that is broadcast to it. */
  static IntToLongFunction broadcast(ImmutableLongArray from, ImmutableLongArray to) {
    if (from.equals(to)) {
      return i -> i;
    }
    if (from.stream().allMatch(size -> size == 1)) {
      return _ -> 0;
    }
    int missing = to.length() - from.length();
    long[] strides = strides(from);
    long[] positions =
        of(
            to,
            axis -> {
              boolean repeated = axis < missing || from.get(axis - missing) == 1;
              return repeated ? _ -> 0 : i -> i * strides[axis - missing];
            });
    return i -> positions[i];
  }
}
