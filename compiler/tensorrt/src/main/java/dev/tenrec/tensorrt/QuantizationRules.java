package dev.tenrec.tensorrt;

import com.google.errorprone.annotations.FormatMethod;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.QuantizationLayer;
import java.util.Set;

/** What TensorRT's documentation says about layers that quantize. */
final class QuantizationRules {
  private static final Set<ElementType> FLOATING =
      Set.of(ElementType.FLOAT32, ElementType.FLOAT16, ElementType.BFLOAT16);
  private static final Set<ElementType> QUANTIZED =
      Set.of(ElementType.INT8, ElementType.INT4, ElementType.FLOAT8E4M3FN);

  private QuantizationRules() {}

  /** Whether TensorRT has a type for data between a layer that quantizes and one that undoes it. */
  static boolean isQuantized(ElementType type) {
    return QUANTIZED.contains(type);
  }

  /** A quantized constant may be dequantized, and nothing else. */
  static void checkMoved(NetworkTensor x) {
    boolean constant =
        x instanceof RecordedTensor recorded && recorded.value().constant().isPresent();
    require(
        !constant || !isQuantized(x.elementType()),
        "moving constants of %s",
        x.elementType().text());
  }

  static void check(QuantizationLayer layer) {
    switch (layer) {
      case QuantizationLayer.Quantize(var x, var scale, int axis, var to) -> {
        require(FLOATING.contains(x.elementType()), "quantizing %s", x.elementType().text());
        require(isQuantized(to), "quantizing to %s", to.text());
        check(x, scale, axis);
      }
      case QuantizationLayer.Dequantize(var x, var scale, int axis, var to) -> {
        require(isQuantized(x.elementType()), "dequantizing %s", x.elementType().text());
        require(FLOATING.contains(to), "dequantizing to %s", to.text());
        check(x, scale, axis);
      }
    }
  }

  private static void check(NetworkTensor x, NetworkTensor scale, int axis) {
    require(x.rank() >= 1, "quantization of a scalar");
    require(FLOATING.contains(scale.elementType()), "scales of %s", scale.elementType().text());
    if (axis != QuantizationLayer.NO_AXIS) {
      require(axis < x.rank() && scale.rank() == 1, "scales of rank %d", scale.rank());
      return;
    }
    boolean single = scale.rank() == 0 || (scale.rank() == 1 && scale.dims().get(0) == 1);
    require(
        single || scale.rank() == x.rank(),
        "scales of rank %d for data of rank %d",
        scale.rank(),
        x.rank());
    for (int i = 0; i < x.rank() && !single; i++) {
      long size = x.dims().get(i);
      long blocks = scale.dims().get(i);
      require(
          size == blocks || (size > 0 && blocks > 0 && size % blocks == 0),
          "axis %d of size %d does not make %d blocks of one size",
          i,
          size,
          blocks);
    }
  }

  @FormatMethod
  private static void require(boolean condition, String rule, Object... arguments) {
    if (!condition) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "TensorRT does not have " + rule.formatted(arguments))
          .advise("it quantizes float, float16 and bfloat16 to int8, int4 and float8e4m3fn");
    }
  }
}
