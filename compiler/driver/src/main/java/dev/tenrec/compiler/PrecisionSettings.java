package dev.tenrec.compiler;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.quantize.QuantizeGraph;

/**
 * How precisely a model is computed, and what is known for that about its values.
 *
 * @param table ranges of the values of the optimized graph; may be empty for precisions that need
 *     none
 */
public record PrecisionSettings(Precision precision, CalibrationTable table) {

  /** Without calibration. */
  public static PrecisionSettings of(Precision precision) {
    return new PrecisionSettings(precision, CalibrationTable.EMPTY);
  }

  /** The passes that optimize a model for this precision. */
  public Pipeline pipeline() {
    Pipeline standard = Pipeline.standard();
    return switch (precision) {
      case FP32 -> standard;
      case FP16 -> standard.then(new AssignPrecision(ElementType.FLOAT16));
      case BF16 -> standard.then(new AssignPrecision(ElementType.BFLOAT16));
      case INT8 -> quantized(standard, ElementType.INT8);
      case FP8 -> quantized(standard, ElementType.FLOAT8E4M3FN);
    };
  }

  private Pipeline quantized(Pipeline standard, ElementType type) {
    return standard
        .then(new QuantizeGraph(type, table))
        .then(new AssignPrecision(ElementType.FLOAT16));
  }
}
