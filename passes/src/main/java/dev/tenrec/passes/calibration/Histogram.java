package dev.tenrec.passes.calibration;

import java.util.Arrays;

/**
 * How often magnitudes occur, in bins whose width is at most 1/512 of what they hold, from the
 * largest magnitude 24 powers of two down; everything below, zeros among it, is in bin 0.
 *
 * <p>A magnitude's bin is given by the leading bits of its float, and the counts of bins that fall
 * below the range when it grows go to bin 0. So the counts depend only on what was added, not on
 * the order, and take the same memory for any number of elements.
 */
public final class Histogram {
  private static final int BINS_BITS = 9;
  private static final int SHIFT = 23 - BINS_BITS;
  private static final int OCTAVES = 24;
  private static final int MAGNITUDE = Integer.MAX_VALUE;

  /** The number of bins. */
  public static final int BINS = OCTAVES << BINS_BITS;

  private final long[] counts = new long[BINS];
  private int first;

  /** Makes room for a finite magnitude. */
  void growTo(float magnitude) {
    int octave = Float.floatToRawIntBits(magnitude) >>> 23;
    int wanted = Math.max(0, octave + 1 - OCTAVES) << BINS_BITS;
    if (wanted > first) {
      int shift = Math.min(wanted - first, BINS);
      long below = 0;
      for (int bin = 0; bin < shift; bin++) {
        below += counts[bin];
      }
      System.arraycopy(counts, shift, counts, 0, BINS - shift);
      Arrays.fill(counts, BINS - shift, BINS, 0);
      counts[0] += below;
      first = wanted;
    }
  }

  /** Counts finite numbers for whose magnitudes there is room. */
  void add(float[] numbers, int length) {
    for (int i = 0; i < length; i++) {
      int bin = ((Float.floatToRawIntBits(numbers[i]) & MAGNITUDE) >>> SHIFT) - first;
      counts[Math.max(bin, 0)]++;
    }
  }

  public long count(int bin) {
    return counts[bin];
  }

  /** Where a bin begins. */
  public double lower(int bin) {
    return bin == 0 ? 0 : edge(bin);
  }

  /** Where a bin ends; the next one begins there. */
  public double upper(int bin) {
    return edge(bin + 1);
  }

  /** What stands for the magnitudes in a bin. */
  public double middle(int bin) {
    return bin == 0 ? 0 : (edge(bin) + edge(bin + 1)) / 2;
  }

  private double edge(int bin) {
    int bits = (first + bin) << SHIFT;
    // The end of the last bin that floats have is no float any more.
    return bits < 0 || Float.intBitsToFloat(bits) == Float.POSITIVE_INFINITY
        ? 0x1p128
        : Float.intBitsToFloat(bits);
  }

  /** The number of elements. */
  public long total() {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
