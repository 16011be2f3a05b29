package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.ResizeMode;
import dev.tenrec.ir.Resampling.Rounding;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.LongStream;

/**
 * How one axis is resized, all numbers known: what each element of the result is made of.
 *
 * @param position from an index in the result to a position in the operand
 * @param antialias whether the filter is stretched where the result is smaller
 */
record ResizeAxis(
    long from,
    long to,
    double scale,
    DoubleUnaryOperator position,
    ResizeMode mode,
    boolean antialias) {

  /** The element of the operand that is nearest, for each of the result. */
  long[] nearest() {
    return LongStream.range(0, to)
        .map(i -> clamped(rounded(position.applyAsDouble((double) i), mode.rounding())))
        .toArray();
  }

  /** Which elements of the result lie between the outer ones of the operand. */
  Tensor inside() {
    return Tensor.ofLongs(
        ElementType.BOOL,
        ImmutableLongArray.of(to),
        i -> {
          double x = position.applyAsDouble((double) i);
          return x >= 0 && x <= from - 1 ? 1 : 0;
        });
  }

  /** [to, from]: the share that each element of the operand has in each of the result. */
  Tensor weights(ElementType type) {
    double[] weights = new double[Math.toIntExact(Math.multiplyExact(to, from))];
    for (long i = 0; i < to; i++) {
      addWeights(weights, Math.toIntExact(i * from), position.applyAsDouble((double) i));
    }
    return Tensor.ofDoubles(type, ImmutableLongArray.of(to, from), i -> weights[i]);
  }

  private void addWeights(double[] weights, int row, double x) {
    double stretch = antialias ? Math.min(scale, 1) : 1;
    int radius = mode.interpolation() == Interpolation.CUBIC ? 2 : 1;
    int start = (int) Math.floor(-radius / stretch) + 1;
    long left = (long) Math.ceil(x) - 1;
    double[] shares = new double[2 * (1 - start)];
    double sum = 0;
    for (int i = 0; i < shares.length; i++) {
      long index = left + start + i;
      boolean outside = index < 0 || index >= from;
      double distance = (index - x) * stretch;
      shares[i] = mode.excludeOutside() && outside ? 0 : share(Math.abs(distance));
      sum += shares[i];
    }
    for (int i = 0; i < shares.length; i++) {
      weights[row + (int) clamped(left + start + i)] += shares[i] / sum;
    }
  }

  private long clamped(long index) {
    return Math.clamp(index, 0, from - 1);
  }

  private double share(double distance) {
    if (mode.interpolation() == Interpolation.LINEAR) {
      return Math.max(0, 1 - distance);
    }
    double a = mode.cubicCoefficient();
    if (distance <= 1) {
      return ((a + 2) * distance - (a + 3)) * distance * distance + 1;
    }
    return distance < 2 ? ((a * distance - 5 * a) * distance + 8 * a) * distance - 4 * a : 0;
  }

  private static long rounded(double x, Rounding rounding) {
    double nearest =
        switch (rounding) {
          case HALF_DOWN -> Math.ceil(x - 0.5);
          case HALF_UP -> Math.floor(x + 0.5);
          case FLOOR -> Math.floor(x);
          case CEIL -> Math.ceil(x);
        };
    return (long) nearest;
  }
}
