package dev.tenrec.passes.quantize;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity.PerAxis;
import dev.tenrec.ir.Source.Constant;
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

  /** The weights dequantized from a constant. */
  Value dequantized(ElementType type) {
    float[] scales = scales(QuantizedType.largest(type));
    Tensor numbers =
        type.isFloating()
            ? Tensor.ofDoubles(type, weights.sizes(), i -> quotient(i, scales))
            : Tensor.ofLongs(type, weights.sizes(), i -> (long) Math.rint(quotient(i, scales)));
    Value scale =
        new Constant(Tensor.ofFloats(ImmutableLongArray.of(scales.length), scales)).value();
    return new Dequantize(
            new Constant(numbers).value(), scale, weights.elementType(), new PerAxis(axis))
        .value();
  }

  private double quotient(long i, float[] scales) {
    return (float) (weights.getDouble(i) / scales[channels.of(i)]);
  }

  /** Positive, where all weights are 0 too. */
  private float[] scales(double largest) {
    ImmutableDoubleArray maxima = Channels.maxima(weights, axis);
    float[] scales = new float[maxima.length()];
    for (int row = 0; row < scales.length; row++) {
      float scale = (float) (maxima.get(row) / largest);
      scales[row] = scale >= Float.MIN_NORMAL ? scale : 1;
    }
    return scales;
  }
}
