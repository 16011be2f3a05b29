package dev.tenrec.tensorrt;

import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.tensorrt.layer.QuantizationLayer;

/** What {@link QuantizationLayer}s compute. */
final class QuantizationMeaning {
  private QuantizationMeaning() {}

  static Value of(QuantizationLayer layer, Meaning in) {
    return switch (layer) {
      case QuantizationLayer.Quantize(var x, var scale, int axis, var to) -> {
        Value data = in.value(x);
        Value scales = scales(data, in.value(scale));
        yield new Quantization.Quantize(data, scales, to, granularity(data, scales, axis)).value();
      }
      case QuantizationLayer.Dequantize(var x, var scale, int axis, var to) -> {
        Value data = in.value(x);
        Value scales = scales(data, in.value(scale));
        yield new Quantization.Dequantize(data, scales, to, granularity(data, scales, axis))
            .value();
      }
    };
  }

  /** One scale in a vector counts as a scalar. */
  private static Value scales(Value x, Value scale) {
    boolean single = scale.rank() == 1 && x.rank() != 1 && scale.dim(0).is(1);
    return single ? Terms.squeeze(scale, 0) : scale;
  }

  private static Granularity granularity(Value x, Value scale, int axis) {
    if (scale.rank() == 0) {
      return new Granularity.PerTensor();
    }
    if (axis != QuantizationLayer.NO_AXIS) {
      return new Granularity.PerAxis(axis);
    }
    for (int i = 0; i < x.rank(); i++) {
      if (!x.dim(i).equals(scale.dim(i))) {
        return new Granularity.Blocked(i, block(x.dim(i), scale.dim(i)));
      }
    }
    return new Granularity.Blocked(0, 1);
  }

  private static long block(Dim size, Dim blocks) {
    return size.value().orElse(0) / Math.max(1, blocks.value().orElse(1));
  }
}
