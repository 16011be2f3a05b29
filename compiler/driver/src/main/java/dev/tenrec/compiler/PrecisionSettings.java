package dev.tenrec.compiler;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.Pass;
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
 * @param floating in what is computed what is not quantized: FP32, FP16 or BF16
 * @param weights how weights are quantized where they alone are
 */
public record PrecisionSettings(
    Precision precision,
    CalibrationTable table,
    PrecisionOverrides overrides,
    Precision floating,
    WeightOptions weights) {

  /** Without overrides, and with what is not quantized in half precision. */
  public PrecisionSettings(Precision precision, CalibrationTable table) {
    this(precision, table, PrecisionOverrides.NONE, Precision.FP16, WeightOptions.DEFAULT);
  }

  /** Without calibration. */
  public static PrecisionSettings of(Precision precision) {
    return new PrecisionSettings(precision, CalibrationTable.EMPTY);
  }

  /** The same with other overrides. */
  public PrecisionSettings withOverrides(PrecisionOverrides wanted) {
    return new PrecisionSettings(precision, table, wanted, floating, weights);
  }

  /** The passes that optimize a model for this precision. */
  public Pipeline pipeline() {
    Pipeline standard = Pipeline.standard();
    return switch (precision) {
      case FP32, FP16, BF16 -> floating(standard, precision);
      case INT8 -> quantized(standard, quantization(ElementType.INT8));
      case FP8 -> quantized(standard, quantization(ElementType.FLOAT8E4M3FN));
      case INT8_WEIGHTS -> quantized(standard, weights.pass(ElementType.INT8));
      case INT4_WEIGHTS -> quantized(standard, weights.pass(ElementType.INT4));
    };
  }

  private QuantizeGraph quantization(ElementType type) {
    return new QuantizeGraph(type, table, ImmutableMap.of(), overrides);
  }

  private Pipeline quantized(Pipeline standard, Pass quantization) {
    return floating(standard.then(quantization), floating);
  }

  private Pipeline floating(Pipeline pipeline, Precision low) {
    return switch (low) {
      case FP32 ->
          overrides.all().isEmpty() ? pipeline : pipeline.then(assignment(ElementType.FLOAT32));
      case FP16 -> pipeline.then(assignment(ElementType.FLOAT16));
      case BF16 -> pipeline.then(assignment(ElementType.BFLOAT16));
      default ->
          throw new TenrecException(
                  ErrorCode.INVALID_ARGUMENT, "%s is not computed in floating point".formatted(low))
              .advise("choose fp32, fp16 or bf16 for what is not quantized");
    };
  }

  private AssignPrecision assignment(ElementType low) {
    return new AssignPrecision(low, table, overrides);
  }
}
