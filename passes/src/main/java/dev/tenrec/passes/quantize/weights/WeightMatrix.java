package dev.tenrec.passes.quantize.weights;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.tensor.Tensor;

/**
 * Weights of a matrix product, as a vector for each output.
 *
 * @param tensor [..., inputs, outputs], or with the last two exchanged; where matrices are before
 *     these, each has outputs of its own
 * @param transposed whether the last two are exchanged
 */
record WeightMatrix(Tensor tensor, boolean transposed) {
  int inputAxis() {
    return tensor.rank() - (transposed ? 1 : 2);
  }

  int outputAxis() {
    return tensor.rank() - (transposed ? 2 : 1);
  }

  /** The length of each vector. */
  int inputs() {
    return (int) tensor.size(inputAxis());
  }

  /** The number of vectors. */
  int outputs() {
    return (int) (tensor.count() / inputs());
  }

  private int perMatrix() {
    return (int) tensor.size(outputAxis());
  }

  boolean isFinite() {
    for (long i = 0; i < tensor.count(); i++) {
      if (!Double.isFinite(tensor.getDouble(i))) {
        return false;
      }
    }
    return true;
  }

  double[] output(int output) {
    double[] weights = new double[inputs()];
    for (int i = 0; i < weights.length; i++) {
      weights[i] = tensor.getDouble(index(i, output, weights.length));
    }
    return weights;
  }

  /** The position of an element among matrices that have so many rows for each output. */
  private int index(int row, int output, int rows) {
    int width = perMatrix();
    int first = output / width * width * rows;
    int column = output % width;
    return first + (transposed ? column * rows + row : row * width + column);
  }

  /** Puts vectors together to a tensor that lies as this one. */
  double[] assemble(double[][] vectors) {
    int rows = vectors[0].length;
    double[] elements = new double[rows * vectors.length];
    for (int output = 0; output < vectors.length; output++) {
      for (int row = 0; row < rows; row++) {
        elements[index(row, output, rows)] = vectors[output][row];
      }
    }
    return elements;
  }

  /** What shares a scale. */
  Granularity granularity(int block) {
    return block == inputs() && outputs() == perMatrix()
        ? new Granularity.PerAxis(outputAxis())
        : new Granularity.Blocked(inputAxis(), block);
  }

  /** The sizes of the scales. */
  ImmutableLongArray scaleSizes(int block) {
    if (granularity(block) instanceof Granularity.PerAxis) {
      return ImmutableLongArray.of(outputs());
    }
    ImmutableLongArray.Builder sizes = ImmutableLongArray.builder();
    for (int axis = 0; axis < tensor.rank(); axis++) {
      sizes.add(axis == inputAxis() ? Math.ceilDiv(inputs(), block) : tensor.size(axis));
    }
    return sizes.build();
  }
}
