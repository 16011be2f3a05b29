package dev.tenrec.passes.quantize.weights;

/** The weights of one output as multiples of scales. */
final class Output {
  private final double[] numbers;
  private final double[] scales;
  private final int block;

  /**
   * From arrays that are not changed any more.
   *
   * @param numbers whole ones, [inputs]
   * @param scales one for each block, the last of which may be shorter
   * @param block the length of a block
   */
  Output(double[] numbers, double[] scales, int block) {
    this.numbers = numbers;
    this.scales = scales;
    this.block = block;
  }

  /** How a vector of weights becomes numbers. */
  @FunctionalInterface
  interface Quantizer {
    Output quantize(double[] weights);
  }

  double[] numbers() {
    return numbers;
  }

  double[] scales() {
    return scales;
  }

  double value(int i) {
    return numbers[i] * scales[i / block];
  }

  /** What is lost of each weight. */
  double[] errors(double[] weights) {
    double[] errors = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      errors[i] = weights[i] - value(i);
    }
    return errors;
  }
}
