package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Normalization.BatchNorm;
import dev.tenrec.ir.Normalization.ChannelNorm;
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
      case ChannelNorm op -> channelNorm(op, e);
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

  /** Layer normalization of the last axis, to which the channels are brought. */
  private static void channelNorm(ChannelNorm op, NodeExport e) {
    int last = op.x().rank() - 1;
    ImmutableLongArray channelsLast =
        ImmutableLongArray.copyOf(
            LongStream.rangeClosed(0, last).map(i -> i == 0 ? 0 : i == last ? 1 : i + 1));
    ImmutableLongArray channelsFirst =
        ImmutableLongArray.copyOf(
            LongStream.rangeClosed(0, last).map(i -> i == 0 ? 0 : i == 1 ? last : i - 1));
    String x = e.op("Transpose").in(op.x()).attribute("perm", channelsLast).value();
    String normal =
        e.op("LayerNormalization")
            .in(x)
            .in(op.scale())
            .in(op.bias())
            .attribute("axis", last)
            .attribute("epsilon", (float) op.epsilon())
            .value();
    e.op("Transpose").in(normal).attribute("perm", channelsFirst).result();
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
