package dev.tenrec.passes.quantize;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableIntArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.calibration.Distribution;
import dev.tenrec.passes.calibration.QuantizedNumbers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The mean square error that is expected of products of rounded numbers, when channels are divided
 * by factors and weights multiplied with them. Errors of channels count as independent of each
 * other.
 */
final class ProductError {
  /** So many outputs of each matrix tell what the errors are. */
  private static final int SAMPLED = 128;

  private final Tensor seen;
  private final Tensor rows;
  private final Calibrator calibrator;
  private final ElementType type;
  private final QuantizedNumbers numbers;
  private final List<Matrix> matrices = new ArrayList<>();

  /** Weights of some outputs; a channel has several where there is a kernel. */
  private record Matrix(
      int count,
      ImmutableDoubleArray weights,
      ImmutableIntArray channels,
      ImmutableIntArray outputs,
      boolean isConvolved) {}

  /**
   * What is multiplied: in each channel the mean square error, the mean square and the variance.
   */
  private record Data(
      ImmutableDoubleArray errors, ImmutableDoubleArray squares, ImmutableDoubleArray variances) {}

  /**
   * Of nothing yet.
   *
   * @param seen [rows, channels], what bounds are chosen for
   * @param rows [rows, channels], others, whose errors count
   * @param calibrator chooses the bounds
   * @param type of rounded numbers
   */
  ProductError(Tensor seen, Tensor rows, Calibrator calibrator, ElementType type) {
    this.seen = seen;
    this.rows = rows;
    this.calibrator = calibrator;
    this.type = type;
    this.numbers = QuantizedNumbers.of(type);
  }

  /**
   * Counts in the products with some weights.
   *
   * @param axis of the channels
   * @param isConvolved whether biases make up for what rounded weights add on average
   */
  void add(Tensor weights, int axis, boolean isConvolved) {
    Channels channels = Channels.of(weights.sizes(), axis);
    Channels outputs = Channels.of(weights.sizes(), isConvolved ? 0 : 1 - axis);
    int step = Math.ceilDiv(outputs.count(), SAMPLED);
    ImmutableDoubleArray.Builder counted = ImmutableDoubleArray.builder();
    ImmutableIntArray.Builder channel = ImmutableIntArray.builder();
    ImmutableIntArray.Builder output = ImmutableIntArray.builder();
    for (long i = 0; i < weights.count(); i++) {
      if (outputs.of(i) % step == 0) {
        counted.add(weights.getDouble(i));
        channel.add(channels.of(i));
        output.add(outputs.of(i) / step);
      }
    }
    int count = Math.ceilDiv(outputs.count(), step);
    matrices.add(new Matrix(count, counted.build(), channel.build(), output.build(), isConvolved));
  }

  /** The error with factors. */
  double of(ImmutableDoubleArray factors) {
    Distribution distribution = new Distribution();
    distribution.observe(divided(seen, factors));
    double step = calibrator.bound(distribution, type) / numbers.largest();
    Data data = data(divided(rows, factors), step);
    return matrices.stream().mapToDouble(matrix -> of(matrix, factors, data)).sum();
  }

  private Data data(Tensor divided, double step) {
    int channels = Math.toIntExact(divided.size(1));
    double count = divided.size(0);
    double[] errors = new double[channels];
    double[] squares = new double[channels];
    double[] means = new double[channels];
    for (int i = 0; i < divided.count(); i++) {
      double number = divided.getDouble(i);
      double error = error(number, step);
      errors[i % channels] += error * error / count;
      squares[i % channels] += number * number / count;
      means[i % channels] += number / count;
    }
    double[] variances = new double[channels];
    Arrays.setAll(variances, i -> squares[i] - means[i] * means[i]);
    return new Data(
        ImmutableDoubleArray.copyOf(errors),
        ImmutableDoubleArray.copyOf(squares),
        ImmutableDoubleArray.copyOf(variances));
  }

  private double of(Matrix matrix, ImmutableDoubleArray factors, Data data) {
    ImmutableDoubleArray squares = matrix.isConvolved() ? data.variances() : data.squares();
    double[] steps = new double[matrix.count()];
    for (int i = 0; i < matrix.weights().length(); i++) {
      double weight = matrix.weights().get(i) * factors.get(matrix.channels().get(i));
      int output = matrix.outputs().get(i);
      steps[output] = Math.max(steps[output], Math.abs(weight) / numbers.largest());
    }
    double sum = 0;
    for (int i = 0; i < matrix.weights().length(); i++) {
      int channel = matrix.channels().get(i);
      double weight = matrix.weights().get(i) * factors.get(channel);
      double error = error(weight, steps[matrix.outputs().get(i)]);
      sum += weight * weight * data.errors().get(channel) + error * error * squares.get(channel);
    }
    return sum;
  }

  private static Tensor divided(Tensor rows, ImmutableDoubleArray factors) {
    return Channels.scaled(rows, 1, i -> 1 / factors.get(i));
  }

  private double error(double number, double step) {
    double magnitude = Math.abs(number);
    return step > 0 ? magnitude - step * numbers.nearest(magnitude / step) : magnitude;
  }
}
