package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Attention;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;

/** What an operation does with the numbers that it reads, where another type holds them. */
enum Effect {
  /** Puts them elsewhere, as they are or negated: nothing depends on what the bits mean. */
  MOVES(true, true),
  /** Chooses among them, or tells how they compare: exact in every type that holds them. */
  CHOOSES(false, true),
  /** Adds, multiplies, combines bits: of integers, the low bits depend on the low bits only. */
  SUMS(true, false),
  /** Anything else. */
  COMPUTES(false, false);

  private final boolean congruent;
  private final boolean exact;

  Effect(boolean congruent, boolean exact) {
    this.congruent = congruent;
    this.exact = exact;
  }

  /** Whether the low bits of integer results need no more than the low bits of the operands. */
  boolean isCongruent() {
    return congruent;
  }

  /** Whether floating-point results are exact in every type that holds the operands. */
  boolean isExact() {
    return exact;
  }

  static Effect of(Op op) {
    return switch (op) {
      case Source.Constant _, Source.Sizes _, Source.ShapeOf _ -> MOVES;
      case Source.Range _ -> COMPUTES;
      case Elementwise elementwise -> of(elementwise);
      case Shuffle _ -> MOVES;
      case Indexing.Gather _, Indexing.GatherElements _, Indexing.GatherNd _ -> MOVES;
      case Indexing.NonZero _ -> CHOOSES;
      case Indexing.NonMaxSuppression _ -> COMPUTES;
      case Indexing.ScatterElements scatter -> of(scatter.kind());
      case Indexing.ScatterNd scatter -> of(scatter.kind());
      case Reduction.Reduce reduce -> of(reduce.kind());
      case Reduction.ArgReduce _, Reduction.TopK _ -> CHOOSES;
      case Reduction.CumulativeSum _ -> SUMS;
      case Contraction _, Convolution _ -> SUMS;
      case Pooling.Pool pool -> pool.kind() == Pooling.PoolKind.MAX ? CHOOSES : COMPUTES;
      case Attention _ -> COMPUTES;
      case Quantization _, Normalization _, Resampling _, ControlFlow _, CustomOp _ -> COMPUTES;
    };
  }

  private static Effect of(Elementwise op) {
    return switch (op) {
      case Elementwise.Unary unary -> of(unary.kind());
      case Elementwise.Binary binary -> of(binary.kind());
      case Elementwise.Select _ -> MOVES;
      case Elementwise.Activation(ActivationKind kind, _, double alpha, double beta) ->
          switch (kind) {
            case RELU -> CHOOSES;
            case CLIP -> alpha == (float) alpha && beta == (float) beta ? CHOOSES : COMPUTES;
            default -> COMPUTES;
          };
      case Elementwise.Cast _, Elementwise.BitCast _, Elementwise.ParametricRelu _ -> COMPUTES;
    };
  }

  private static Effect of(UnaryKind kind) {
    return switch (kind) {
      case NEG -> MOVES;
      case BIT_NOT -> SUMS;
      case ABS, CEIL, FLOOR, IS_INF, IS_NAN, NOT, ROUND, SIGN -> CHOOSES;
      case ACOS, ACOSH, ASIN, ASINH, ATAN, ATANH, COS, COSH, ERF, EXP -> COMPUTES;
      case LOG, RECIPROCAL, SIN, SINH, SQRT, TAN -> COMPUTES;
    };
  }

  private static Effect of(BinaryKind kind) {
    return switch (kind) {
      case ADD, SUB, MUL, BIT_AND, BIT_OR, BIT_XOR, SHIFT_LEFT -> SUMS;
      case MIN, MAX, AND, OR, XOR -> CHOOSES;
      case EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> CHOOSES;
      case DIV, FLOOR_DIV, MOD, FMOD, POW, SHIFT_RIGHT -> COMPUTES;
    };
  }

  private static Effect of(ScatterKind kind) {
    return switch (kind) {
      case REPLACE -> MOVES;
      case ADD, MUL -> SUMS;
      case MIN, MAX -> CHOOSES;
    };
  }

  private static Effect of(ReduceKind kind) {
    return switch (kind) {
      case SUM, PROD, SUM_SQUARE -> SUMS;
      case MAX, MIN -> CHOOSES;
      case MEAN, L1, L2, LOG_SUM, LOG_SUM_EXP -> COMPUTES;
    };
  }
}
