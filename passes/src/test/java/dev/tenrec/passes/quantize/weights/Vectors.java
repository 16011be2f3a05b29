package dev.tenrec.passes.quantize.weights;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Random;

/** Weights, and what they are multiplied with, to try things on. */
final class Vectors {
  private Vectors() {}

  /** Mostly small numbers; every seventh is larger, and each fifth run of 16 is 0. */
  static double[] weights(long seed, int count) {
    Random random = new Random(seed);
    double[] weights = new double[count];
    for (int i = 0; i < count; i++) {
      double number = random.nextGaussian() * (i % 7 == 0 ? 0.1 : 0.02);
      weights[i] = i / 16 % 5 == 4 ? 0 : number;
    }
    return weights;
  }

  /** Rows whose channels depend on each other, and of which some are always 0. */
  static Tensor rows(long seed, int rows, int channels) {
    Random random = new Random(seed);
    float[] elements = new float[rows * channels];
    for (int row = 0; row < rows; row++) {
      double common = random.nextGaussian();
      for (int i = 0; i < channels; i++) {
        double own = random.nextGaussian() * (1 + i % 5);
        elements[row * channels + i] = i % 11 == 3 ? 0 : (float) (3 * common + own);
      }
    }
    return Tensor.ofFloats(ImmutableLongArray.of(rows, channels), elements);
  }

  static Moments moments(long seed, int rows, int channels) {
    Moments moments = new Moments(channels);
    moments.observe(rows(seed, rows, channels));
    return moments;
  }

  static double squares(double[] errors) {
    double sum = 0;
    for (double error : errors) {
      sum += error * error;
    }
    return sum;
  }
}
