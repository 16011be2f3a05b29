package dev.tenrec.passes.quantize.weights;

/** How the numbers are chosen that stand for weights. */
public enum WeightMethod {
  /** The nearest ones, where the largest weight of a block becomes the largest number. */
  RTN,
  /** The nearest ones, for the scale of each block that makes the squares of errors least. */
  MSE,
  /** As {@link #MSE}, after weights that matter more were made larger where that is possible. */
  AWQ,
  /** Each such that it makes up for the errors of those before it. */
  GPTQ;

  /** Whether samples of what the weights are multiplied with are necessary. */
  public boolean needsSamples() {
    return this == AWQ || this == GPTQ;
  }
}
