package dev.tenrec.compiler;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import dev.tenrec.passes.quantize.QuantizeAttention;
import dev.tenrec.passes.quantize.QuantizeGraph;
import dev.tenrec.passes.quantize.ScaleChannels;

/**
 * How precisely a model is computed, and what is known for that about its values.
 *
 * @param table ranges of the values of the optimized graph; may be empty for precisions that need
 *     none
 * @param exceptions other types of some operations, by name; what a search found
 * @param overrides what is wanted otherwise for some operations
 * @param floating in what is computed what is not quantized: FP32, FP16 or BF16
 * @param weights how weights are quantized where they alone are
 * @param attention whether attention reads 8 bits where products with weights do
 */
public record PrecisionSettings(
    Precision precision,
    CalibrationTable table,
    ImmutableMap<String, ElementType> exceptions,
    PrecisionOverrides overrides,
    Precision floating,
    WeightOptions weights,
    boolean attention) {

  /** What nobody asked for otherwise: half precision for what is not quantized. */
  public PrecisionSettings(Precision precision, CalibrationTable table) {
    this(
        precision,
        table,
        ImmutableMap.of(),
        PrecisionOverrides.NONE,
        Precision.FP16,
        WeightOptions.DEFAULT,
        false);
  }

  /** Without calibration. */
  public static PrecisionSettings of(Precision precision) {
    return new PrecisionSettings(precision, CalibrationTable.EMPTY);
  }

  /** The same with other overrides. */
  public PrecisionSettings withOverrides(PrecisionOverrides wanted) {
    return new PrecisionSettings(
        precision, table, exceptions, wanted, floating, weights, attention);
  }

  public PrecisionSettings withExceptions(ImmutableMap<String, ElementType> found) {
    return new PrecisionSettings(precision, table, found, overrides, floating, weights, attention);
  }

  /** The same with another precision for what is not quantized. */
  public PrecisionSettings withFloating(Precision other) {
    return new PrecisionSettings(
        precision, table, exceptions, overrides, other, weights, attention);
  }

  /** The same for another precision. */
  public PrecisionSettings in(Precision other) {
    return new PrecisionSettings(other, table, exceptions, overrides, floating, weights, attention);
  }

  /** The passes that optimize a model for this precision. */
  public Pipeline pipeline() {
    return pipeline(Pipeline.standard());
  }

  /** Of these, the ones that follow those for all precisions. */
  public Pipeline afterStandard() {
    return pipeline(Pipeline.of());
  }

  private Pipeline pipeline(Pipeline standard) {
    Pipeline prepared = prepared(standard);
    return switch (precision) {
      case FP32, FP16, BF16 -> floating(prepared, precision);
      case INT8, AUTO -> rounding(prepared, ElementType.INT8);
      case FP8 -> rounding(prepared, ElementType.FLOAT8E4M3FN);
      case INT8_WEIGHTS -> quantized(prepared, weights.pass(ElementType.INT8, overrides));
      case INT4_WEIGHTS -> quantized(prepared, weights.pass(ElementType.INT4, overrides));
    };
  }

  /** A pipeline, and what makes its results those that the ranges are of. */
  private Pipeline prepared(Pipeline standard) {
    return table.factors().isEmpty() ? standard : standard.then(new ScaleChannels(table.factors()));
  }

  private Pipeline rounding(Pipeline standard, ElementType type) {
    return quantized(
        attention ? standard.then(new QuantizeAttention(type, table, overrides)) : standard,
        quantization(type));
  }

  /** What is computed in few bits. */
  public QuantizeGraph quantization(ElementType type) {
    return new QuantizeGraph(type, table, exceptions, overrides);
  }

  private Pipeline quantized(Pipeline standard, Pass quantization) {
    return floating(standard.then(quantization), floating);
  }

  private Pipeline floating(Pipeline pipeline, Precision low) {
    AssignPrecision assignment = assignment(type(low));
    return low == Precision.FP32 && assignment.overrides().all().isEmpty()
        ? pipeline
        : pipeline.then(assignment);
  }

  /** What is not quantized in a type, as far as nothing else is wanted. */
  public AssignPrecision assignment(ElementType low) {
    ImmutableList<PrecisionOverride> found =
        exceptions.entrySet().stream()
            .filter(entry -> entry.getValue() != low && !QuantizeGraph.quantizes(entry.getValue()))
            .map(entry -> PrecisionOverride.named(entry.getKey(), entry.getValue()))
            .collect(ImmutableList.toImmutableList());
    return new AssignPrecision(low, table, new PrecisionOverrides(found).and(overrides.all()));
  }

  private static ElementType type(Precision floating) {
    return floating
        .floating()
        .orElseThrow(() ->
            new TenrecException(
                    ErrorCode.INVALID_ARGUMENT,
                    "%s is not computed in floating point".formatted(floating))
                .advise("choose fp32, fp16 or bf16 for what is not quantized"));
  }
}
