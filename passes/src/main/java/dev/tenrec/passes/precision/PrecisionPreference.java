package dev.tenrec.passes.precision;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;

/** In which precision an operation should compute. */
public enum PrecisionPreference {
  /** In the low one: most of the time goes here, and sums are accumulated in more bits anyway. */
  PREFERS_LOW,
  /** As its operands are: no arithmetic, or little. */
  FOLLOWS_INPUTS,
  /**
   * In float32, because sums or steep functions lose too much; what comes out is of moderate size.
   */
  KEEPS_HIGH_INSIDE,
  /** In float32, and what comes out stays so, because it may be too large or too fine to round. */
  KEEPS_HIGH;

  /** The preference of an operation, whatever its operands hold. */
  public static PrecisionPreference of(Op op) {
    return switch (op) {
      // What lies between the products is in 32 bits anyway.
      case Attention.ScaledDotProduct _ -> PREFERS_LOW;
      case Attention.RotaryEmbedding _ -> FOLLOWS_INPUTS;
      case Contraction contraction -> of(contraction);
      case Convolution _ -> PREFERS_LOW;
      case Elementwise elementwise -> of(elementwise);
      case Normalization normalization -> of(normalization);
      case Quantization quantization -> of(quantization);
      case Reduction reduction -> of(reduction);
      case Pooling.Pool pool ->
          pool.kind() == Pooling.PoolKind.MAX ? FOLLOWS_INPUTS : KEEPS_HIGH_INSIDE;
      // Positions need more bits than elements, and both have the same type.
      case Resampling.GridSample _ -> KEEPS_HIGH_INSIDE;
      // Rounding would change which elements are zero, and which boxes are the best ones.
      case Indexing.NonZero _, Indexing.NonMaxSuppression _ -> KEEPS_HIGH;
      case Resampling.Resize _, Shuffle _, Indexing _ -> FOLLOWS_INPUTS;
      case Source _, ControlFlow _, CustomOp _ -> KEEPS_HIGH;
    };
  }

  /**
   * The operands that an operation reads in the type in which it computes. Masks that are added to
   * scores stay in theirs: they meet numbers of float32, and may be as low as its lowest.
   */
  static ImmutableList<Value> computed(Op op) {
    return op instanceof Attention.ScaledDotProduct attention
        ? ImmutableList.of(attention.queries(), attention.keys(), attention.values())
        : op.operands();
  }

  private static PrecisionPreference of(Contraction op) {
    return switch (op) {
      // An outer product sums nothing: mostly positions times frequencies, which need their bits.
      case Contraction.MatMul matMul ->
          matMul.a().dim(matMul.a().rank() - (matMul.transposeA() ? 2 : 1)).is(1)
              ? FOLLOWS_INPUTS
              : PREFERS_LOW;
    };
  }

  private static PrecisionPreference of(Elementwise op) {
    return switch (op) {
      case Elementwise.Unary unary -> of(unary.kind());
      case Elementwise.Binary binary -> of(binary.kind());
      case Elementwise.Select _, Elementwise.Activation _, Elementwise.ParametricRelu _ ->
          FOLLOWS_INPUTS;
      case Elementwise.Cast _, Elementwise.BitCast _ -> KEEPS_HIGH;
    };
  }

  private static PrecisionPreference of(Elementwise.UnaryKind kind) {
    return switch (kind) {
      case ABS, BIT_NOT, CEIL, FLOOR, IS_INF, IS_NAN, NEG, NOT, ROUND, SIGN, SQRT -> FOLLOWS_INPUTS;
      case ACOS, ASIN, ATAN, COS, ERF, SIN -> KEEPS_HIGH_INSIDE;
      case ACOSH, ASINH, ATANH, COSH, EXP, LOG, RECIPROCAL, SINH, TAN -> KEEPS_HIGH;
    };
  }

  private static PrecisionPreference of(Elementwise.BinaryKind kind) {
    return switch (kind) {
      case ADD, SUB, MUL, DIV, MIN, MAX, AND, OR, XOR -> FOLLOWS_INPUTS;
      case BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT, SHIFT_RIGHT -> FOLLOWS_INPUTS;
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> FOLLOWS_INPUTS;
      case FLOOR_DIV, MOD, FMOD, POW -> KEEPS_HIGH;
    };
  }

  private static PrecisionPreference of(Normalization op) {
    return switch (op) {
      case Normalization.Softmax softmax -> softmax.logarithm() ? KEEPS_HIGH : KEEPS_HIGH_INSIDE;
      case Normalization.LayerNorm _, Normalization.RmsNorm _ -> KEEPS_HIGH_INSIDE;
      case Normalization.GroupNorm _, Normalization.BatchNorm _ -> KEEPS_HIGH_INSIDE;
      case Normalization.ChannelNorm _ -> KEEPS_HIGH_INSIDE;
    };
  }

  private static PrecisionPreference of(Quantization op) {
    return switch (op) {
      case Quantization.Quantize _ -> FOLLOWS_INPUTS;
      case Quantization.Dequantize _ -> KEEPS_HIGH_INSIDE;
    };
  }

  private static PrecisionPreference of(Reduction op) {
    return switch (op) {
      case Reduction.Reduce reduce ->
          switch (reduce.kind()) {
            case MAX, MIN -> FOLLOWS_INPUTS;
            case MEAN -> KEEPS_HIGH_INSIDE;
            case SUM, PROD, L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP -> KEEPS_HIGH;
          };
      case Reduction.ArgReduce _, Reduction.TopK _ -> FOLLOWS_INPUTS;
      case Reduction.CumulativeSum _ -> KEEPS_HIGH;
    };
  }
}
