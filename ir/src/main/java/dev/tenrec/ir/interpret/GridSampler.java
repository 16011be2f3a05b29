package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Resampling.Border;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Arrays;

/**
 * Sampling at the positions of a grid.
 *
 * @param x [N, C, spatial...]
 * @param grid [N, spatial of the result..., number of spatial dimensions]
 */
record GridSampler(
    Tensor x, Tensor grid, Interpolation interpolation, Border border, boolean alignCorners) {
  /** Fixed for this operation, unlike for resizing. */
  private static final double CUBIC_COEFFICIENT = -0.75;

  Tensor sample() {
    int dimensions = x.rank() - 2;
    Checks.check(
        grid.size(0) == x.size(0) && grid.size(grid.rank() - 1) == dimensions,
        "GridSample: grid %s does not fit %s",
        grid,
        x);
    ImmutableLongArray spatial = grid.sizes().subArray(1, grid.rank() - 1);
    ImmutableLongArray sizes =
        ImmutableLongArray.builder().add(x.size(0)).add(x.size(1)).addAll(spatial).build();
    int channels = Math.toIntExact(x.size(1));
    int points = Positions.count(spatial);
    int size = Positions.count(x.sizes().subArray(2, x.rank()));
    double[] elements = x.toDoubles();
    double[] result = new double[Positions.count(sizes)];
    for (int point = 0; point < x.size(0) * points; point++) {
      int sample = point / points;
      Neighbours neighbours = neighbours(point);
      for (int channel = 0; channel < channels; channel++) {
        int plane = sample * channels + channel;
        result[plane * points + point % points] = neighbours.sum(elements, plane * size);
      }
    }
    return Tensor.ofDoubles(x.elementType(), sizes, i -> result[i]);
  }

  /** Elements of a plane, negative where there is none, and their shares. */
  private record Neighbours(ImmutableLongArray positions, ImmutableDoubleArray shares) {
    double sum(double[] elements, int plane) {
      double sum = 0;
      for (int i = 0; i < positions.length(); i++) {
        boolean counts = positions.get(i) >= 0 && shares.get(i) != 0;
        sum += counts ? shares.get(i) * elements[plane + (int) positions.get(i)] : 0;
      }
      return sum;
    }
  }

  private Neighbours neighbours(int point) {
    int dimensions = x.rank() - 2;
    long[] positions = {0};
    double[] shares = {1};
    for (int k = 0; k < dimensions; k++) {
      long size = x.size(k + 2);
      // The grid has its numbers in the opposite order.
      double given = grid.getDouble((long) point * dimensions + dimensions - 1 - k);
      Taps taps = Taps.around(position(given, size), interpolation, CUBIC_COEFFICIENT);
      int count = taps.count();
      long[] before = positions;
      double[] sharesBefore = shares;
      positions = new long[before.length * count];
      shares = new double[before.length * count];
      Arrays.setAll(
          positions,
          i -> {
            long element = element(taps.position(i % count), size);
            boolean outside = element < 0 || before[i / count] < 0;
            return outside ? -1 : before[i / count] * size + element;
          });
      Arrays.setAll(shares, i -> sharesBefore[i / count] * taps.weight(i % count));
    }
    return new Neighbours(
        ImmutableLongArray.copyOf(positions), ImmutableDoubleArray.copyOf(shares));
  }

  /** From -1 to 1 to elements. */
  private double position(double given, long size) {
    return alignCorners ? (given + 1) / 2 * (size - 1) : ((given + 1) * size - 1) / 2;
  }

  /** The element that a position stands for; negative if none. */
  private long element(long position, long size) {
    if (position >= 0 && position < size) {
      return position;
    }
    return switch (border) {
      case ZEROS -> -1;
      case BORDER -> size == 0 ? -1 : Math.clamp(position, 0, size - 1);
      case REFLECTION -> size == 0 ? -1 : reflected(position, size);
    };
  }

  /** Mirrored at the centres of the outer elements, or else at their edges. */
  private long reflected(long position, long size) {
    long period = alignCorners ? Math.max(1, 2 * (size - 1)) : 2 * size;
    long phase = Math.floorMod(position, period);
    return phase < size ? phase : period - phase - (alignCorners ? 0 : 1);
  }
}
