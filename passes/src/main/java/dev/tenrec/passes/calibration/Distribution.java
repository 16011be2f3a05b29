package dev.tenrec.passes.calibration;

import dev.tenrec.ir.tensor.Tensor;

/**
 * What a value held on the samples so far. Infinities and what is not a number are counted, and
 * otherwise left out. For one thread at a time.
 */
public final class Distribution implements Observer {
  private static final int CHUNK = 1 << 12;
  private static final double NEWEST = 0.1;

  private final Histogram histogram = new Histogram();
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private double averageMin;
  private double averageMax;
  private long infinite;
  private long notNumbers;

  /** The lowest and the highest of some numbers; neither is a number if one of them is not. */
  private record Extremes(float low, float high) {
    private static Extremes of(float[] numbers, int length) {
      float low = Float.POSITIVE_INFINITY;
      float high = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < length; i++) {
        low = Math.min(low, numbers[i]);
        high = Math.max(high, numbers[i]);
      }
      return new Extremes(low, high);
    }

    private boolean areFinite() {
      return Float.isFinite(low) && Float.isFinite(high);
    }

    private float magnitude() {
      return Math.max(Math.abs(low), Math.abs(high));
    }
  }

  @Override
  public void observe(Tensor tensor) {
    float[] chunk = new float[(int) Math.min(CHUNK, tensor.count())];
    float lowest = Float.POSITIVE_INFINITY;
    float highest = Float.NEGATIVE_INFINITY;
    for (long first = 0; first < tensor.count(); first += CHUNK) {
      int length = (int) Math.min(CHUNK, tensor.count() - first);
      tensor.copyFloats(first, chunk, length);
      Extremes extremes = Extremes.of(chunk, length);
      if (!extremes.areFinite()) {
        length = finite(chunk, length);
        extremes = Extremes.of(chunk, length);
      }
      if (length > 0) {
        histogram.growTo(extremes.magnitude());
        histogram.add(chunk, length);
        lowest = Math.min(lowest, extremes.low());
        highest = Math.max(highest, extremes.high());
      }
    }
    if (lowest <= highest) {
      include(lowest, highest);
    }
  }

  /** Moves finite numbers to the front, counts the others, and gives the number of those left. */
  private int finite(float[] chunk, int length) {
    int kept = 0;
    for (int i = 0; i < length; i++) {
      if (Float.isFinite(chunk[i])) {
        chunk[kept++] = chunk[i];
      } else if (Float.isNaN(chunk[i])) {
        notNumbers++;
      } else {
        infinite++;
      }
    }
    return kept;
  }

  private void include(double low, double high) {
    boolean isFirst = min > max;
    averageMin = isFirst ? low : averageMin + NEWEST * (low - averageMin);
    averageMax = isFirst ? high : averageMax + NEWEST * (high - averageMax);
    min = Math.min(min, low);
    max = Math.max(max, high);
  }

  /** Whether there was something, and no finite number. */
  boolean isBroken() {
    return min > max && infinite + notNumbers > 0;
  }

  /** The lowest finite number; 0 if there was none. */
  public double min() {
    return min > max ? 0 : min;
  }

  /** The highest finite number; 0 if there was none. */
  public double max() {
    return min > max ? 0 : max;
  }

  /** The largest magnitude. */
  public double magnitude() {
    return Math.max(Math.abs(min()), Math.abs(max()));
  }

  /**
   * The larger magnitude of the averages of what was lowest and highest each time that the value
   * was observed, of which the last times count most.
   */
  public double averageMagnitude() {
    return Math.max(Math.abs(averageMin), Math.abs(averageMax));
  }

  /** How often {@link #observe} met an infinity. */
  public long infinite() {
    return infinite;
  }

  /** How often {@link #observe} met what is not a number. */
  public long notNumbers() {
    return notNumbers;
  }

  /** The magnitudes of finite numbers. */
  public Histogram histogram() {
    return histogram;
  }
}
