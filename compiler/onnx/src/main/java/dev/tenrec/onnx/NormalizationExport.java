package dev.tenrec.onnx;

import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Normalization.BatchNorm;
import dev.tenrec.ir.Normalization.GroupNorm;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.stream.LongStream;

/** Operations that bring elements to a common scale. */
final class NormalizationExport {
  private NormalizationExport() {}

  static void write(Normalization normalization, NodeExport e) {
    switch (normalization) {
      case Softmax(Value x, int axis, boolean logarithm) ->
          e.op(logarithm ? "LogSoftmax" : "Softmax").in(x).attribute("axis", axis).result();
      case LayerNorm op ->
          withOperands(op, e.op("LayerNormalization"))
              .attribute("axis", op.axis())
              .attribute("epsilon", (float) op.epsilon())
              .result();
      case RmsNorm op -> rmsNorm(op, e);
      case GroupNorm op when op.groups() == 0 ->
          withOperands(op, e.op("InstanceNormalization"))
              .attribute("epsilon", (float) op.epsilon())
              .result();
      case GroupNorm op ->
          withOperands(op, e.op("GroupNormalization"))
              .attribute("num_groups", op.groups())
              .attribute("epsilon", (float) op.epsilon())
              .result();
      case BatchNorm op ->
          withOperands(op, e.op("BatchNormalization"))
              .attribute("epsilon", (float) op.epsilon())
              .result();
    }
  }

  private static NodeExport.Builder withOperands(Normalization op, NodeExport.Builder builder) {
    op.operands().forEach(builder::in);
    return builder;
  }

  /** Opset 21 has no operator for it. Squares of 16-bit numbers are added up in 32 bits. */
  private static void rmsNorm(RmsNorm op, NodeExport e) {
    ElementType type = op.x().elementType();
    boolean narrow = type.bits() < 32;
    ElementType wide = narrow ? ElementType.FLOAT32 : type;
    String x = narrow ? e.cast(e.name(op.x()), wide) : e.name(op.x());
    String axes = e.constant(LongStream.range(op.axis(), op.x().rank()).toArray());
    String squares = e.op("Mul").in(x).in(x).value();
    String mean = e.op("ReduceMean").in(squares).in(axes).attribute("keepdims", true).value();
    String stable = e.op("Add").in(mean).in(e.scalar(wide, op.epsilon())).value();
    String root = e.op("Sqrt").in(stable).value();
    String normal = e.op("Div").in(x).in(root).value();
    String result = narrow ? e.cast(normal, type) : normal;
    e.op("Mul").in(result).in(op.scale()).result();
  }
}
