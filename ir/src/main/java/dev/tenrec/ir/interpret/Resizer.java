package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.ResizeMode;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Resizing one axis after the other.
 *
 * @param from the size of the axis
 * @param to its size in the result
 * @param scale the factor that positions are computed with, if it is not the quotient of the sizes
 */
record Resizer(long from, long to, OptionalDouble scale, ResizeMode mode) {

  static Tensor resize(
      Tensor x, ImmutableLongArray sizes, Optional<ImmutableDoubleArray> scales, ResizeMode mode) {
    Resizer[] axes = new Resizer[x.rank()];
    for (int i = 0; i < axes.length; i++) {
      Checks.check(
          x.size(i) > 0 || sizes.get(i) == 0, "Resize: %s has nothing to make %s of", x, sizes);
      double scale = scales.isPresent() ? scales.get().get(i) : 1;
      Checks.check(scale > 0, "Resize: scale %s", scale);
      OptionalDouble given = scales.isPresent() ? OptionalDouble.of(scale) : OptionalDouble.empty();
      axes[i] = new Resizer(x.size(i), sizes.get(i), given, mode);
    }
    if (mode.interpolation() == Interpolation.NEAREST) {
      long[] strides = Positions.strides(x.sizes());
      return Positions.pick(
          x, sizes, Positions.of(sizes, axis -> i -> axes[axis].nearest(i) * strides[axis]));
    }
    double[] elements = x.toDoubles();
    long[] current = x.sizes().toArray();
    for (int i = 0; i < axes.length; i++) {
      elements = axes[i].resample(elements, Axis.of(ImmutableLongArray.copyOf(current), i));
      current[i] = sizes.get(i);
    }
    double[] result = elements;
    return Tensor.ofDoubles(x.elementType(), sizes, i -> result[i]);
  }

  /** The elements with this axis resized. */
  private double[] resample(double[] elements, Axis rows) {
    if (from == to && scale.orElse(1) == 1) {
      return elements;
    }
    Axis resized = new Axis(rows.outer(), Math.toIntExact(to), rows.inner());
    double[] result =
        new double[Positions.count(ImmutableLongArray.of(rows.outer(), to, rows.inner()))];
    for (int i = 0; i < to; i++) {
      Taps taps = taps(i);
      for (int row = 0; row < rows.rows(); row++) {
        double sum = 0;
        for (int tap = 0; tap < taps.count(); tap++) {
          int nearest = (int) Math.clamp(taps.position(tap), 0, from - 1);
          // A share of nothing must not turn infinity into NaN.
          sum +=
              taps.weight(tap) == 0 ? 0 : taps.weight(tap) * elements[rows.position(row, nearest)];
        }
        result[resized.position(row, i)] = sum;
      }
    }
    return result;
  }

  private Taps taps(long i) {
    double position = position(i);
    if (mode.interpolation() == Interpolation.LINEAR) {
      position = Math.clamp(position, 0.0, from - 1.0);
    }
    Taps taps = Taps.around(position, mode.interpolation(), mode.cubicCoefficient());
    return mode.excludeOutside() && mode.interpolation() == Interpolation.CUBIC
        ? taps.within(from)
        : taps;
  }

  private long nearest(long i) {
    // Scales are float32: what a position says beyond that precision is noise.
    double position = (float) position(i);
    double rounded =
        switch (mode.rounding()) {
          case HALF_DOWN -> Math.ceil(position - 0.5);
          case HALF_UP -> Math.floor(position + 0.5);
          case FLOOR -> Math.floor(position);
          case CEIL -> Math.ceil(position);
        };
    return (long) Math.clamp(rounded, 0.0, from - 1.0);
  }

  /** The position in the operand of an element of the result. */
  private double position(long i) {
    double centre = unscaled(i + 0.5) - 0.5;
    double exactTo = scale.isPresent() ? from * scale.getAsDouble() : to;
    return switch (mode.coordinates()) {
      case HALF_PIXEL -> centre;
      case HALF_PIXEL_SYMMETRIC -> from / 2.0 * (1 - to / exactTo) + centre;
      case PYTORCH_HALF_PIXEL -> to > 1 ? centre : 0;
      case ALIGN_CORNERS -> to > 1 ? i * (from - 1) / (exactTo - 1) : 0;
      case ASYMMETRIC -> unscaled((double) i);
    };
  }

  private double unscaled(double position) {
    return scale.isPresent() ? position / scale.getAsDouble() : position * from / to;
  }
}
