package dev.tenrec.compiler;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.precision.PrecisionOverrides;
import dev.tenrec.passes.quantize.QuantizeGraph;

/**
 * How precisely a model is computed, and what is known for that about its values.
 *
 * @param table ranges of the values of the optimized graph; may be empty for precisions that need
 *     none
 * @param overrides what is wanted otherwise for some operations
 */
public record PrecisionSettings(
    Precision precision, CalibrationTable table, PrecisionOverrides overrides) {

  /** Without overrides. */
  public PrecisionSettings(Precision precision, CalibrationTable table) {
    this(precision, table, PrecisionOverrides.NONE);
  }

  /** Without calibration. */
  public static PrecisionSettings of(Precision precision) {
    return new PrecisionSettings(precision, CalibrationTable.EMPTY);
  }

  /** The passes that optimize a model for this precision. */
  public Pipeline pipeline() {
    Pipeline standard = Pipeline.standard();
    return switch (precision) {
      case FP32 ->
          overrides.all().isEmpty() ? standard : standard.then(floating(ElementType.FLOAT32));
      case FP16 -> standard.then(floating(ElementType.FLOAT16));
      case BF16 -> standard.then(floating(ElementType.BFLOAT16));
      case INT8 -> quantized(standard, ElementType.INT8);
      case FP8 -> quantized(standard, ElementType.FLOAT8E4M3FN);
    };
  }

  private Pipeline quantized(Pipeline standard, ElementType type) {
    return standard
        .then(new QuantizeGraph(type, table, ImmutableMap.of(), overrides))
        .then(floating(ElementType.FLOAT16));
  }

  private AssignPrecision floating(ElementType low) {
    return new AssignPrecision(low, table, overrides);
  }
}
