package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Optional;

/** What a model has quantized itself. */
final class Quantized {
  private Quantized() {}

  /** Whether a value is dequantized, and perhaps moved. */
  static boolean is(Value value) {
    return Copies.origin(value).producedBy(Dequantize.class).isPresent();
  }

  /** Whether a value is dequantized from numbers that are known. */
  static boolean isWeights(Value value) {
    return Copies.origin(value)
        .producedBy(Dequantize.class)
        .filter(dequantize -> isConstant(dequantize.x()))
        .isPresent();
  }

  /** The type that a value is dequantized from. */
  static Optional<ElementType> type(Value value) {
    return Copies.origin(value).producedBy(Dequantize.class).map(op -> op.x().elementType());
  }

  private static boolean isConstant(Value value) {
    return value.constant().isPresent()
        || value.producedBy(Quantize.class).filter(q -> q.x().constant().isPresent()).isPresent();
  }
}
