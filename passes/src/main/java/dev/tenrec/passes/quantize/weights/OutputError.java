package dev.tenrec.passes.quantize.weights;

import java.util.stream.IntStream;

/**
 * What errors of the weights of an output do to the output: the mean of the square of its error is
 * the square of the length of R e, for the lower triangular R with R'R = H, the moments of what the
 * weights e are multiplied with.
 */
final class OutputError {
  /** Of the mean of the diagonal; as GPTQ's authors have it. */
  private static final double DAMPING = 0.01;

  private final double[][] rows;

  private OutputError(double[][] rows) {
    this.rows = rows;
  }

  static OutputError of(Moments moments) {
    return new OutputError(factor(moments.damped(DAMPING)));
  }

  /**
   * Factors the lower triangle of a positive definite matrix in its place, from the last row on.
   */
  private static double[][] factor(double[][] matrix) {
    for (int i = matrix.length - 1; i >= 0; i--) {
      double[] row = matrix[i];
      double diagonal = Math.sqrt(row[i]);
      for (int j = 0; j < i; j++) {
        row[j] /= diagonal;
      }
      row[i] = diagonal;
      IntStream.range(0, i)
          .parallel()
          .forEach(p -> {
            double[] other = matrix[p];
            double factor = row[p];
            for (int j = 0; j <= p; j++) {
              other[j] -= factor * row[j];
            }
          });
    }
    return matrix;
  }

  double diagonal(int i) {
    return rows[i][i];
  }

  /** The part of an element of R e that the errors of some of the weights make. */
  double part(int row, double[] errors, int first, int end) {
    double[] factors = rows[row];
    double sum = 0;
    for (int j = first; j < end; j++) {
      sum += factors[j] * errors[j];
    }
    return sum;
  }

  /** The mean of the square of the output's error. */
  double of(double[] errors) {
    double sum = 0;
    for (int i = 0; i < errors.length; i++) {
      double element = part(i, errors, 0, i + 1);
      sum += element * element;
    }
    return sum;
  }
}
