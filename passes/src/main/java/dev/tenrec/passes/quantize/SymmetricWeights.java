package dev.tenrec.passes.quantize;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity.PerAxis;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/**
 * Weights as multiples of a scale for each position along an axis, such that the largest magnitude
 * there becomes the largest number of the type.
 */
final class SymmetricWeights {
  private final Tensor weights;
  private final int axis;
  private final Channels channels;

  SymmetricWeights(Tensor weights, int axis) {
    this.weights = weights;
    this.axis = axis;
    this.channels = Channels.of(weights.sizes(), axis);
  }

  /** The numbers that are multiplied with the scales. */
  Tensor numbers(ElementType type) {
    float[] scales = steps(type);
    return type.isFloating()
        ? Tensor.ofDoubles(type, weights.sizes(), i -> quotient(i, scales))
        : Tensor.ofLongs(type, weights.sizes(), i -> (long) Math.rint(quotient(i, scales)));
  }

  Tensor scales(ElementType type) {
    float[] scales = steps(type);
    return Tensor.ofFloats(ImmutableLongArray.of(scales.length), scales);
  }

  /** The weights again, of numbers and scales. */
  Dequantize dequantize(Value numbers, Value scales) {
    return new Dequantize(numbers, scales, weights.elementType(), new PerAxis(axis));
  }

  private double quotient(long i, float[] scales) {
    return (float) (weights.getDouble(i) / scales[channels.of(i)]);
  }

  /** Positive, where all weights are 0 too. */
  private float[] steps(ElementType type) {
    double largest = QuantizedType.largest(type);
    ImmutableDoubleArray maxima = Channels.maxima(weights, axis);
    float[] scales = new float[maxima.length()];
    for (int row = 0; row < scales.length; row++) {
      float scale = (float) (maxima.get(row) / largest);
      scales[row] = scale >= Float.MIN_NORMAL ? scale : 1;
    }
    return scales;
  }
}
