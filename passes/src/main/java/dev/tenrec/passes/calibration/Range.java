package dev.tenrec.passes.calibration;

/**
 * What a value held on the samples.
 *
 * @param min the lowest number that occurred
 * @param max the highest
 * @param bound the magnitude that the largest number of a quantized type should stand for: at most
 *     that of min and max, less where clipping a few numbers leaves smaller errors for the others;
 *     positive, unless the value is always 0
 */
public record Range(double min, double max, double bound) {

  /** The largest magnitude that occurred. */
  public double magnitude() {
    return Math.max(Math.abs(min), Math.abs(max));
  }
}
