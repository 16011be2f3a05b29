package dev.tenrec.onnx;

import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Reduction.ArgReduce;
import dev.tenrec.ir.Reduction.CumulativeSum;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Reduction.TopK;
import dev.tenrec.ir.tensor.ElementType;

/** Operations that combine elements along axes. */
final class ReductionExport {
  private ReductionExport() {}

  static void write(Reduction reduction, NodeExport e) {
    switch (reduction) {
      case Reduce op ->
          e.op(operator(op.kind()))
              .in(op.x())
              .in(e.constant(op.axes()))
              .attribute("keepdims", op.keepDims())
              .attribute("noop_with_empty_axes", true)
              .result();
      case ArgReduce op ->
          e.op(op.largest() ? "ArgMax" : "ArgMin")
              .in(op.x())
              .attribute("axis", op.axis())
              .attribute("keepdims", op.keepDims())
              .attribute("select_last_index", op.last())
              .result();
      case TopK op ->
          e.op("TopK")
              .in(op.x())
              .in(count(op, e))
              .attribute("axis", op.axis())
              .attribute("largest", op.largest())
              .result();
      case CumulativeSum op ->
          e.op("CumSum")
              .in(op.x())
              .in(e.scalar(ElementType.INT64, op.axis()))
              .attribute("exclusive", op.exclusive())
              .attribute("reverse", op.reverse())
              .result();
    }
  }

  private static String operator(ReduceKind kind) {
    return switch (kind) {
      case SUM -> "ReduceSum";
      case MEAN -> "ReduceMean";
      case MAX -> "ReduceMax";
      case MIN -> "ReduceMin";
      case PROD -> "ReduceProd";
      case L1 -> "ReduceL1";
      case L2 -> "ReduceL2";
      case SUM_SQUARE -> "ReduceSumSquare";
      case LOG_SUM -> "ReduceLogSum";
      case LOG_SUM_EXP -> "ReduceLogSumExp";
    };
  }

  /** ONNX wants a vector of one element. */
  private static String count(TopK op, NodeExport e) {
    return op.k().rank() == 1
        ? e.longs(op.k())
        : e.op("Reshape").in(e.longs(op.k())).in(e.constant(1)).value();
  }
}
