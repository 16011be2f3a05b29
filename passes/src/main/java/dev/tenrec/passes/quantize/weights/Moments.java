package dev.tenrec.passes.quantize.weights;

import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.calibration.Observer;
import java.util.stream.IntStream;

/**
 * The sums of the products of all pairs of channels over samples: what errors of the weights that
 * they are multiplied with do to the results. Channels are the last axis. Takes memory for the
 * square of their number.
 */
final class Moments implements Observer {
  private static final int ROWS = 64;

  private final int channels;
  private final double[][] sums;
  private long samples;

  Moments(int channels) {
    this.channels = channels;
    this.sums = new double[channels][];
    for (int i = 0; i < channels; i++) {
      sums[i] = new double[i + 1];
    }
  }

  static long bytes(long channels) {
    return channels * channels / 2 * Double.BYTES;
  }

  @Override
  public void observe(Tensor tensor) {
    int rows = (int) (tensor.count() / channels);
    double[] elements = tensor.toDoubles();
    for (int first = 0; first < rows; first += ROWS) {
      int from = first;
      int end = Math.min(rows, first + ROWS);
      IntStream.range(0, channels).parallel().forEach(i -> add(elements, from, end, i));
    }
    samples += rows;
  }

  private void add(double[] elements, int first, int end, int i) {
    double[] sum = sums[i];
    for (int row = first; row < end; row++) {
      int start = row * channels;
      double factor = elements[start + i];
      for (int j = 0; j <= i; j++) {
        sum[j] += factor * elements[start + j];
      }
    }
  }

  /** The moments of both. */
  Moments plus(Moments other) {
    Moments sum = new Moments(channels);
    for (int i = 0; i < channels; i++) {
      for (int j = 0; j <= i; j++) {
        sum.sums[i][j] = sums[i][j] + other.sums[i][j];
      }
    }
    sum.samples = samples + other.samples;
    return sum;
  }

  int channels() {
    return channels;
  }

  long samples() {
    return samples;
  }

  /** The mean of the square of a channel. */
  double meanSquare(int i) {
    return sums[i][i] / Math.max(1, samples);
  }

  boolean isFinite() {
    return IntStream.range(0, channels).allMatch(i -> Double.isFinite(sums[i][i]));
  }

  /**
   * The lower triangle of means of products, with a little added to the diagonal so that it can be
   * factored.
   */
  double[][] damped(double damping) {
    double mean = IntStream.range(0, channels).mapToDouble(this::meanSquare).average().orElse(0);
    double added = mean > 0 ? damping * mean : 1;
    double[][] matrix = new double[channels][];
    for (int i = 0; i < channels; i++) {
      matrix[i] = new double[i + 1];
      for (int j = 0; j <= i; j++) {
        matrix[i][j] = sums[i][j] / Math.max(1, samples);
      }
      matrix[i][i] += added;
    }
    return matrix;
  }
}
