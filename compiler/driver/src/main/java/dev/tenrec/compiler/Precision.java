package dev.tenrec.compiler;

import dev.tenrec.ir.tensor.ElementType;
import java.util.Locale;
import java.util.Optional;

/** The numbers that a model is computed in, where that is safe. */
public enum Precision {
  /** As the model says. */
  FP32,
  /** Half precision; what needs range or accumulates stays in single precision. */
  FP16,
  /** As {@link #FP16} with bfloat16: the range of single precision with 8 bits of significand. */
  BF16,
  /** What gains reads and multiplies 8-bit integers, and the rest is as in {@link #FP16}. */
  INT8,
  /** As {@link #INT8} with floating-point numbers of 8 bits, E4M3. */
  FP8,
  /** Weights are kept in 8-bit integers; what reads them computes as in {@link #FP16}. */
  INT8_WEIGHTS,
  /** Weights are kept in 4-bit integers; what reads them computes as in {@link #FP16}. */
  INT4_WEIGHTS,
  /** For each operation what gains most, as far as the whole stays accurate enough. */
  AUTO;

  /** Whether weights, and nothing else, are kept in few bits. */
  public boolean isOfWeights() {
    return this == INT8_WEIGHTS || this == INT4_WEIGHTS;
  }

  /** The name as commands have it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** The type that all is computed in as far as that is safe, if nothing is quantized. */
  public Optional<ElementType> floating() {
    return switch (this) {
      case FP32 -> Optional.of(ElementType.FLOAT32);
      case FP16 -> Optional.of(ElementType.FLOAT16);
      case BF16 -> Optional.of(ElementType.BFLOAT16);
      case INT8, FP8, INT8_WEIGHTS, INT4_WEIGHTS, AUTO -> Optional.empty();
    };
  }

  /** The type that activations are quantized to, for which their ranges must be known. */
  public Optional<ElementType> activations() {
    return switch (this) {
      case FP32, FP16, BF16, INT8_WEIGHTS, INT4_WEIGHTS -> Optional.empty();
      case INT8, AUTO -> Optional.of(ElementType.INT8);
      case FP8 -> Optional.of(ElementType.FLOAT8E4M3FN);
    };
  }
}
