package dev.tenrec.tensorrt;

import dev.tenrec.runtime.bindings.DataTypes;
import dev.tenrec.tensorrt.layer.QuantizationLayer;
import org.bytedeco.tensorrt.nvinfer.IDequantizeLayer;
import org.bytedeco.tensorrt.nvinfer.ILayer;
import org.bytedeco.tensorrt.nvinfer.INetworkDefinition;
import org.bytedeco.tensorrt.nvinfer.IQuantizeLayer;
import org.jspecify.annotations.Nullable;

/** Hands {@link QuantizationLayer}s to TensorRT. */
record NativeQuantization(INetworkDefinition network) {

  @Nullable ILayer add(QuantizationLayer layer) {
    return switch (layer) {
      case QuantizationLayer.Quantize(var x, var scale, int axis, var to) -> {
        IQuantizeLayer quantize =
            network.addQuantize(
                NativeTensor.handle(x), NativeTensor.handle(scale), DataTypes.of(to));
        if (quantize != null && axis != QuantizationLayer.NO_AXIS) {
          quantize.setAxis(axis);
        }
        yield quantize;
      }
      case QuantizationLayer.Dequantize(var x, var scale, int axis, var to) -> {
        IDequantizeLayer dequantize =
            network.addDequantize(
                NativeTensor.handle(x), NativeTensor.handle(scale), DataTypes.of(to));
        if (dequantize != null && axis != QuantizationLayer.NO_AXIS) {
          dequantize.setAxis(axis);
        }
        yield dequantize;
      }
    };
  }
}
