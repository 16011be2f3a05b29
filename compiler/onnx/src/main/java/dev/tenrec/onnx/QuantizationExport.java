package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/** Quantization, which has no zero points here. */
final class QuantizationExport {
  private QuantizationExport() {}

  static void write(Quantization op, NodeExport e) {
    if (op.scale().elementType() == ElementType.FLOAT64) {
      throw e.unsupported("ONNX has no scales of type double").advise("use scales of type float");
    }
    switch (op) {
      case Quantization.Quantize quantize -> quantize(quantize, e);
      case Quantization.Dequantize dequantize -> dequantize(dequantize, e);
    }
  }

  /**
   * In float32, because ONNX Runtime cuts off what it divides in float16. A zero point says which
   * type is wanted; not everything knows the attribute for it.
   */
  private static void quantize(Quantization.Quantize op, NodeExport e) {
    NodeExport.Builder node =
        e.op("QuantizeLinear")
            .in(as(op.x(), ElementType.FLOAT32, e))
            .in(as(op.scale(), ElementType.FLOAT32, e));
    Optional<ImmutableLongArray> sizes = op.scale().shape().sizes();
    sizes.ifPresent(known -> node.in(e.constant(Tensor.ofLongs(op.to(), known, _ -> 0))));
    if (sizes.isEmpty()) {
      node.attribute("output_dtype", ElementTypes.number(op.to()));
    }
    granularity(op.granularity(), node).result();
  }

  /** ONNX computes in the scale's type. */
  private static void dequantize(Quantization.Dequantize op, NodeExport e) {
    if (op.to() == op.scale().elementType()) {
      NodeExport.Builder node = e.op("DequantizeLinear").in(op.x()).in(op.scale());
      granularity(op.granularity(), node).result();
      return;
    }
    String scale = as(op.scale(), ElementType.FLOAT32, e);
    NodeExport.Builder node = e.op("DequantizeLinear").in(op.x()).in(scale);
    if (op.to() == ElementType.FLOAT32) {
      granularity(op.granularity(), node).result();
      return;
    }
    String product = granularity(op.granularity(), node).value();
    e.op("Cast").in(product).attribute("to", ElementTypes.number(op.to())).result();
  }

  private static String as(Value x, ElementType type, NodeExport e) {
    return x.elementType() == type ? e.name(x) : e.cast(e.name(x), type);
  }

  private static NodeExport.Builder granularity(Granularity granularity, NodeExport.Builder node) {
    return switch (granularity) {
      case Granularity.PerTensor() -> node;
      case Granularity.PerAxis(int axis) -> node.attribute("axis", axis);
      case Granularity.Blocked(int axis, long size) ->
          node.attribute("axis", axis).attribute("block_size", size);
    };
  }
}
