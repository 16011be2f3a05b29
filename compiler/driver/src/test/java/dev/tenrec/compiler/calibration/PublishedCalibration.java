package dev.tenrec.compiler.calibration;

import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.calibration.Observer;
import java.util.Arrays;

/**
 * How ONNX Runtime's static quantization finds the range of a value, with its default settings:
 * from the lowest and highest numbers, by entropy with 128 bins and 128 quantized bins, or by the
 * percentile 99.999 with 2048 bins. Bins lie evenly between the negative and the positive largest
 * magnitude. All samples are seen at once there, so here they are shown twice.
 *
 * <p>Source: {@code onnxruntime.quantization.calibrate}.
 */
final class PublishedCalibration implements Observer {
  private static final double PERCENT = 99.999;
  private static final double LEAST = 1e-4;

  /** From a number of at most 0 to a larger one of at least 0. */
  record Extent(double low, double high) {}

  /** A way to choose a range. */
  enum Method {
    MIN_MAX(1),
    ENTROPY(128),
    PERCENTILE(2048);

    private final int bins;

    Method(int bins) {
      this.bins = bins;
    }
  }

  private final Method method;
  private final long[] counts;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private boolean secondTime;

  PublishedCalibration(Method method) {
    this.method = method;
    this.counts = new long[method.bins];
  }

  @Override
  public void observe(Tensor tensor) {
    for (double number : tensor.toDoubles()) {
      if (secondTime) {
        int bin = (int) ((number + magnitude()) / (2 * magnitude()) * counts.length);
        counts[Math.clamp(bin, 0, counts.length - 1)]++;
      } else {
        min = Math.min(min, number);
        max = Math.max(max, number);
      }
    }
  }

  /** Tells that all samples were shown once. */
  void again() {
    secondTime = true;
  }

  private double magnitude() {
    return Math.max(Math.abs(min), Math.abs(max));
  }

  private double edge(int bin) {
    return magnitude() * (2.0 * bin / counts.length - 1);
  }

  /** The lowest and the highest number that are told apart from others, 0 among them. */
  Extent extent() {
    double[] range =
        switch (method) {
          case MIN_MAX -> new double[] {min, max};
          case ENTROPY -> entropy(128);
          case PERCENTILE -> percentile();
        };
    double low = Math.min(Math.max(range[0], min), 0);
    double high = Math.max(Math.min(range[1], max), 0);
    return low < high ? new Extent(low, high) : new Extent(0, 1);
  }

  /** Half of what lies outside is cut off at each side. */
  private double[] percentile() {
    double outside = (100 - PERCENT) / 200;
    double total = Arrays.stream(counts).sum();
    int left = -1;
    int right = -1;
    double sum = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      sum += counts[bin] / total;
      left = left < 0 && sum >= outside ? bin : left;
      right = right < 0 && sum >= 1 - outside ? bin : right;
    }
    return new double[] {edge(left), edge(right < 0 ? counts.length : right)};
  }

  /** Of ranges around zero, the one whose quantized counts diverge least from its own. */
  private double[] entropy(int levels) {
    int zero = counts.length / 2;
    double[] best = {min, max};
    double least = Double.POSITIVE_INFINITY;
    for (int half = levels / 2; half <= zero; half++) {
      int begin = Math.max(0, zero - half);
      int end = Math.min(zero + half + 1, counts.length);
      double divergence = divergence(begin, end, levels);
      if (divergence < least) {
        least = divergence;
        best = new double[] {edge(begin), edge(end)};
      }
    }
    return best;
  }

  private double divergence(int begin, int end, int levels) {
    double[] kept = Arrays.stream(counts, begin, end).asDoubleStream().toArray();
    double[] clipped = kept.clone();
    clipped[0] += Arrays.stream(counts, 0, begin).sum();
    clipped[clipped.length - 1] += Arrays.stream(counts, end, counts.length).sum();
    double[] quantized = smooth(quantized(kept, clipped, levels));
    double[] reference = smooth(clipped);
    double quantizedSum = Arrays.stream(quantized).sum();
    double referenceSum = Arrays.stream(reference).sum();
    double divergence = 0;
    for (int i = 0; i < reference.length; i++) {
      double p = reference[i] / referenceSum;
      divergence += p * Math.log(p / (quantized[i] / quantizedSum));
    }
    return divergence;
  }

  private static double[] quantized(double[] kept, double[] clipped, int levels) {
    int merged = kept.length / levels;
    double[] result = new double[kept.length];
    for (int level = 0; level < levels; level++) {
      int begin = level * merged;
      int end = begin + merged;
      int sumEnd = level == levels - 1 ? kept.length : end;
      double sum = Arrays.stream(kept, begin, sumEnd).sum();
      long filled = Arrays.stream(clipped, begin, end).filter(count -> count != 0).count();
      if (filled > 0) {
        Arrays.fill(result, begin, end, sum / filled);
      }
    }
    return result;
  }

  /** Gives what is empty a little of what is not. */
  private static double[] smooth(double[] counts) {
    long empty = Arrays.stream(counts).filter(count -> count == 0).count();
    double taken = LEAST * empty / (counts.length - empty);
    return Arrays.stream(counts).map(count -> count == 0 ? LEAST : count - taken).toArray();
  }
}
