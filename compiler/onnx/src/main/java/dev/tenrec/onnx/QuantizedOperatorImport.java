package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * ONNX Runtime's operators on quantized tensors: the numbers that the operands stand for, the
 * operation on them in float32, and its result quantized again.
 */
final class QuantizedOperatorImport {
  private QuantizedOperatorImport() {}

  static void register(OperatorTable on) {
    on.op("QuantizeLinear", QuantizationImport::quantize);
    on.op("DequantizeLinear", QuantizationImport::dequantize);
    on.op("QLinearAdd", n -> quantized(n, binary(BinaryKind.ADD, n), 6));
    on.op("QLinearMul", n -> quantized(n, binary(BinaryKind.MUL, n), 6));
    on.op(
        "QLinearSigmoid",
        n -> quantized(n, Terms.activation(ActivationKind.SIGMOID, numbers(n, 0)), 3));
    on.op("QLinearLeakyRelu", QuantizedOperatorImport::leakyRelu);
    on.op("QLinearAveragePool", QuantizedOperatorImport::averagePool);
    on.op("QLinearGlobalAveragePool", QuantizedOperatorImport::globalAveragePool);
    on.op("QLinearConcat", QuantizedOperatorImport::concat);
    on.op("QLinearSoftmax", QuantizedOperatorImport::softmax);
    on.op(
        "QLinearWhere",
        n -> quantized(n, Terms.select(n.input(0), numbers(n, 1), numbers(n, 4)), 7));
    on.op("QLinearReduceMean", QuantizedOperatorImport::mean);
  }

  /** What the tensor at a position stands for; its scale and zero point follow it. */
  private static Value numbers(NodeContext n, int i) {
    return Affine.dequantized(
        n.input(i), Scale.scalar(n.input(i + 1)), n.optionalInput(i + 2).map(Scale::scalar));
  }

  private static Value binary(BinaryKind kind, NodeContext n) {
    return Terms.binary(kind, numbers(n, 0), numbers(n, 3));
  }

  /** Quantized with the scale at a position and the zero point behind it, to the type of x. */
  private static Op quantized(NodeContext n, Value numbers, int scale) {
    Optional<Value> zeroPoint = n.optionalInput(scale + 1);
    Value type = zeroPoint.orElseGet(() -> n.input(0));
    return Affine.quantized(
        numbers, Scale.scalar(n.input(scale)), zeroPoint.map(Scale::scalar), type.elementType());
  }

  private static Op leakyRelu(NodeContext n) {
    double alpha = n.floatAttribute("alpha", 0.01f);
    Value result = new Activation(ActivationKind.LEAKY_RELU, numbers(n, 0), alpha, 0).value();
    return quantized(n, result, 3);
  }

  private static Op averagePool(NodeContext n) {
    boolean padding = n.flag("count_include_pad", false);
    boolean last = n.flag("channels_last", false);
    Value x = numbers(n, 0);
    Window window = Windows.pooling(n, x.rank() - 2);
    if (padding && window.mode() == Window.Padding.EXPLICIT_ROUND_UP) {
      throw n.unsupported("ceil_mode with count_include_pad is not supported")
          .advise("ONNX Runtime counts what lies beyond the padding; pad the input instead");
    }
    PoolKind kind = padding ? PoolKind.AVERAGE_WITH_PADDING : PoolKind.AVERAGE;
    Value pooled = new Pool(kind, last ? channelsSecond(x) : x, window).value();
    return quantized(n, last ? channelsLast(pooled) : pooled, 3);
  }

  private static Value channelsSecond(Value x) {
    int last = x.rank() - 1;
    return transposed(x, IntStream.of(0, last), IntStream.range(1, last));
  }

  private static Value channelsLast(Value x) {
    IntStream others = IntStream.concat(IntStream.of(0), IntStream.range(2, x.rank()));
    return transposed(x, others, IntStream.of(1));
  }

  private static Value transposed(Value x, IntStream first, IntStream then) {
    ImmutableList<Integer> order =
        IntStream.concat(first, then).boxed().collect(ImmutableList.toImmutableList());
    return new Transpose(x, order).value();
  }

  private static Op globalAveragePool(NodeContext n) {
    Value x = numbers(n, 0);
    int first = n.flag("channels_last", false) ? 1 : 2;
    ImmutableList<Integer> spatial =
        IntStream.range(first, first + x.rank() - 2)
            .boxed()
            .collect(ImmutableList.toImmutableList());
    return quantized(n, new Reduce(ReduceKind.MEAN, x, spatial, true).value(), 3);
  }

  /** The scale and zero point of the result come first. */
  private static Op concat(NodeContext n) {
    ImmutableList.Builder<Value> parts = ImmutableList.builder();
    for (int i = 2; i + 2 < n.inputCount(); i += 3) {
      parts.add(numbers(n, i));
    }
    int rank = n.input(2).rank();
    int axis = n.axis(n.required(n.attributes().integer("axis"), "axis"), rank);
    return quantized(n, new Concat(parts.build(), axis).value(), 0);
  }

  /** As ONNX's operator of the opset that an attribute names. */
  private static Op softmax(NodeContext n) {
    long opset = n.required(n.attributes().integer("opset"), "opset");
    Value x = numbers(n, 0);
    int axis = n.axisAttribute("axis", -1, x.rank());
    if (opset >= 13 || axis == x.rank() - 1) {
      return quantized(n, new Softmax(x, axis, false).value(), 3);
    }
    Value matrix = ShapingImport.flatten(n, x, axis).value();
    Value result = new Softmax(matrix, 1, false).value();
    return quantized(n, Terms.reshape(result, Terms.shapeOf(x)), 3);
  }

  private static Op mean(NodeContext n) {
    Value x = numbers(n, 0);
    ImmutableLongArray given = n.attributes().integers("axes").orElse(ImmutableLongArray.of());
    ImmutableList<Integer> axes =
        given.isEmpty()
            ? IntStream.range(0, x.rank()).boxed().collect(ImmutableList.toImmutableList())
            : n.axes(given.asList(), x.rank());
    boolean keep = n.flag("keepdims", true);
    return quantized(n, new Reduce(ReduceKind.MEAN, x, axes, keep).value(), 3);
  }
}
