package dev.tenrec.passes.quantize.weights;

/**
 * Numbers one after the other, each the nearest to the weight that would make up best for the
 * errors before it, and scales for which the errors of their block do least to the output. Never
 * does more to it than the nearest numbers do.
 *
 * <p>Source: Frantar et al., "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
 * Transformers", in the form with a triangular factor of the moments themselves: the weight at
 * position k makes up best as w[k] + (sum over j before k of R[k][j] e[j]) / R[k][k].
 *
 * @param error of the output, from the errors of weights
 */
record CompensateErrors(WholeNumbers type, int block, OutputError error)
    implements Output.Quantizer {
  /** Up to this length scales are tried out; for longer blocks that would take too long. */
  private static final int TRIED = 256;

  private static final int CANDIDATES = 32;
  private static final double LARGEST = 1.1;
  private static final double STEP = 0.02;

  @Override
  public Output quantize(double[] weights) {
    Output compensated = compensate(weights);
    Output best = compensated;
    double least = error.of(compensated.errors(weights));
    for (boolean clips : new boolean[] {false, true}) {
      Output nearest = new RoundToNearest(type, block, clips).quantize(weights);
      double other = error.of(nearest.errors(weights));
      if (other < least) {
        best = nearest;
        least = other;
      }
    }
    return best;
  }

  private Output compensate(double[] weights) {
    Trial trial = new Trial(weights);
    double[] scales =
        block > TRIED
            ? new RoundToNearest(type, block, true).quantize(weights).scales()
            : new double[Math.ceilDiv(weights.length, block)];
    for (int i = 0; i < scales.length; i++) {
      int first = i * block;
      int end = Math.min(weights.length, first + block);
      trial.begin(first, end);
      if (block <= TRIED) {
        scales[i] = best(trial, type.covering(weights, first, end));
      }
      trial.round(scales[i]);
    }
    return new Output(trial.numbers, scales, block);
  }

  private static double best(Trial trial, double covering) {
    double best = covering;
    double least = Double.POSITIVE_INFINITY;
    for (int i = 0; i < CANDIDATES; i++) {
      double scale = WholeNumbers.scale(covering * (LARGEST - i * STEP));
      double error = trial.round(scale);
      if (error < least) {
        best = scale;
        least = error;
      }
    }
    return best;
  }

  /** The numbers as far as they are chosen, and the block whose turn it is. */
  private final class Trial {
    private final double[] weights;
    private final double[] numbers;
    private final double[] errors;
    private final double[] carried;
    private int first;
    private int end;

    Trial(double[] weights) {
      this.weights = weights;
      this.numbers = new double[weights.length];
      this.errors = new double[weights.length];
      this.carried = new double[weights.length];
    }

    void begin(int newFirst, int newEnd) {
      first = newFirst;
      end = newEnd;
      for (int k = first; k < end; k++) {
        carried[k] = error.part(k, errors, 0, first);
      }
    }

    /** Chooses the numbers of the block, and tells what their errors add to the output's. */
    double round(double scale) {
      double sum = 0;
      for (int k = first; k < end; k++) {
        double shift = (carried[k] + error.part(k, errors, first, k)) / error.diagonal(k);
        numbers[k] = type.nearest((weights[k] + shift) / scale);
        errors[k] = weights[k] - numbers[k] * scale;
        double element = (errors[k] + shift) * error.diagonal(k);
        sum += element * element;
      }
      return sum;
    }
  }
}
