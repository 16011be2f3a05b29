package dev.tenrec.passes.quantize.weights;

/**
 * The nearest numbers, for scales of blocks that are chosen in one of two ways.
 *
 * @param clips whether blocks get the scale that makes the sum of the squares of errors least, of
 *     the covering one and smaller ones, which clip the largest weights; otherwise they get the
 *     covering one
 */
record RoundToNearest(WholeNumbers type, int block, boolean clips) implements Output.Quantizer {
  private static final int CANDIDATES = 80;
  private static final double STEP = 0.0078125;

  @Override
  public Output quantize(double[] weights) {
    double[] numbers = new double[weights.length];
    double[] scales = new double[Math.ceilDiv(weights.length, block)];
    for (int i = 0; i < scales.length; i++) {
      int first = i * block;
      int end = Math.min(weights.length, first + block);
      double covering = type.covering(weights, first, end);
      scales[i] = clips ? best(weights, first, end, covering) : covering;
      for (int k = first; k < end; k++) {
        numbers[k] = type.nearest(weights[k] / scales[i]);
      }
    }
    return new Output(numbers, scales, block);
  }

  private double best(double[] weights, int first, int end, double covering) {
    double best = covering;
    double least = error(weights, first, end, covering);
    for (int i = 1; i < CANDIDATES; i++) {
      double scale = WholeNumbers.scale(covering * (1 - i * STEP));
      double error = error(weights, first, end, scale);
      if (error < least) {
        best = scale;
        least = error;
      }
    }
    return best;
  }

  private double error(double[] weights, int first, int end, double scale) {
    double sum = 0;
    for (int k = first; k < end; k++) {
      double error = weights[k] - type.nearest(weights[k] / scale) * scale;
      sum += error * error;
    }
    return sum;
  }
}
