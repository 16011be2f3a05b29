package dev.tenrec.tensorrt;

import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.QuantizationLayer;
import java.util.List;

/** Lowers {@link Quantization}. TensorRT takes no scalars, which become vectors on the way. */
final class QuantizationLowering {
  private QuantizationLowering() {}

  static NetworkTensor lower(Quantization op, Scope in) {
    checkBlocks(op);
    NetworkTensor x = in.aligned(op.x(), 1);
    NetworkTensor scale = in.of(op.scale());
    int axis =
        op.granularity() instanceof Granularity.PerAxis(int along)
            ? along
            : QuantizationLayer.NO_AXIS;
    NetworkTensor result =
        switch (op) {
          case Quantization.Quantize quantize ->
              in.add(new QuantizationLayer.Quantize(x, scale, axis, quantize.to()));
          case Quantization.Dequantize dequantize ->
              in.add(new QuantizationLayer.Dequantize(x, scale, axis, dequantize.to()));
        };
    return op.x().rank() == 0 ? in.squeeze(result, List.of(0)) : result;
  }

  /** TensorRT takes the size of a block from both shapes, which must be known and divide evenly. */
  private static void checkBlocks(Quantization op) {
    if (!(op.granularity() instanceof Granularity.Blocked(int axis, long size))) {
      return;
    }
    Value x = op.x();
    long length = x.dim(axis).value().orElse(-1);
    if (length < 0 || length % size != 0) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "axis %d of %s does not make whole blocks of %d".formatted(axis, x.type(), size))
          .advise("choose a block size that divides a known size");
    }
  }
}
