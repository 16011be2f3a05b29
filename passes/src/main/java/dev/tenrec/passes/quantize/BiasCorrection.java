package dev.tenrec.passes.quantize;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * Takes out of biases what rounded weights add to sums on average:
 *
 * <pre>
 * conv(x, w', b) → conv(x, w', b - sum((w' - w) mean(x)))
 * </pre>
 *
 * <p>w is what the weights w' were before they were quantized. Legal for all convolutions with a
 * bias that is known; what lies outside of x counts as if it were inside. Source: Nagel et al.,
 * "Data-Free Quantization Through Weight Equalization and Bias Correction", 2019.
 */
final class BiasCorrection {
  private BiasCorrection() {}

  static boolean isLegal(Conv conv) {
    return conv.bias().map(bias -> bias.constant().isPresent()).orElse(true);
  }

  /**
   * The bias that makes up for other weights.
   *
   * @param conv with constant weights
   * @param rounded what they become
   * @param means of the channels that it reads
   * @throws TenrecException if the means are of other channels
   */
  static Tensor bias(Conv conv, Tensor rounded, ImmutableDoubleArray means) {
    double[] errors = errors(conv, rounded, means);
    Optional<Tensor> bias = conv.bias().flatMap(Value::constant);
    return Tensor.ofDoubles(
        rounded.elementType(),
        ImmutableLongArray.of(errors.length),
        i -> bias.map(b -> b.getDouble(i)).orElse(0.0) - errors[i]);
  }

  /** What each output gets too much. */
  private static double[] errors(Conv conv, Tensor rounded, ImmutableDoubleArray means) {
    Tensor exact = conv.weights().constant().orElseThrow();
    Channels outputs = Channels.of(exact.sizes(), 0);
    Channels inputs = Channels.of(exact.sizes(), 1);
    if (means.length() != inputs.count() * conv.groups()) {
      throw new TenrecException(
              ErrorCode.INVALID_INPUT,
              "the calibration table has %d means for %d channels"
                  .formatted(means.length(), inputs.count() * conv.groups()))
          .advise("calibrate this model again");
    }
    double[] errors = new double[outputs.count()];
    long perGroup = outputs.count() / conv.groups();
    for (long i = 0; i < exact.count(); i++) {
      int output = outputs.of(i);
      long input = output / perGroup * inputs.count() + inputs.of(i);
      double mean = means.get(Math.toIntExact(input));
      errors[output] += (rounded.getDouble(i) - exact.getDouble(i)) * mean;
    }
    return errors;
  }
}
