package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.unsqueeze;

import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.onnx.IntegerProduct.Operand;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.Optional;

/**
 * Products of quantized tensors: exact sums of integers, as int32, and then what the scales make of
 * them.
 */
final class IntegerImport {
  private IntegerImport() {}

  static void register(OperatorTable on) {
    on.result(
        "MatMulInteger",
        n -> Result.of(matMul(n.input(0), n.optionalInput(2), n.input(1), n.optionalInput(3))));
    on.op("QLinearMatMul", IntegerImport::quantizedMatMul);
    on.result(
        "ConvInteger",
        n -> Result.of(conv(n, n.input(0), n.optionalInput(2), n.input(1), n.optionalInput(3))));
    on.op("QLinearConv", IntegerImport::quantizedConv);
  }

  /** The product of matrices as int32; zero points are single, or one for each row or column. */
  static Value matMul(Value a, Optional<Value> zeroOfA, Value b, Optional<Value> zeroOfB) {
    Dim terms = a.dim(a.rank() - 1);
    Operand first = Operand.of(a, zeroOfA.map(zero -> ofRows(zero, a)));
    Operand second = Operand.of(b, zeroOfB.map(IntegerImport::ofColumns));
    return new IntegerProduct(
            terms.value(), (left, right) -> ContractionImport.matMul(left, right).value())
        .of(first, second);
  }

  /** A parameter of all rows of a matrix, or one for each. */
  static Value ofRows(Value parameter, Value matrix) {
    if (Scale.isSingle(parameter)) {
      return Scale.scalar(parameter);
    }
    return parameter.rank() == 1 && matrix.rank() > 1 ? unsqueeze(parameter, 1) : parameter;
  }

  static Value ofColumns(Value parameter) {
    return Scale.isSingle(parameter) ? Scale.scalar(parameter) : parameter;
  }

  private static Op quantizedMatMul(NodeContext n) {
    Value a = n.input(0);
    Value sums = matMul(a, Optional.of(n.input(2)), n.input(3), Optional.of(n.input(5)));
    Value scale = times(ofRows(n.input(1), a), ofColumns(n.input(4)));
    Value zeroPoint = n.input(7);
    return requantized(
        sums, scale, ofRows(n.input(6), a), Optional.of(ofRows(zeroPoint, a)), n.input(7));
  }

  private static Value times(Value a, Value b) {
    return mul(cast(a, ElementType.FLOAT32), cast(b, ElementType.FLOAT32));
  }

  /** The numbers that int32 sums stand for, quantized again. */
  private static Op requantized(
      Value sums, Value scale, Value to, Optional<Value> zeroPoint, Value result) {
    Value ratio = div(scale, cast(to, ElementType.FLOAT32));
    Value number = times(sums, ratio);
    return Affine.rounded(number, zeroPoint, result.elementType());
  }

  /** The convolution as int32; the weights' zero point is single, or one for each channel. */
  static Value conv(
      NodeContext n, Value x, Optional<Value> zeroOfX, Value weights, Optional<Value> zeroOfW) {
    Window window = Windows.convolution(n, weights);
    long groups = n.intAttribute("group", 1);
    Operand first = Operand.of(x, zeroOfX.map(Scale::scalar));
    Operand second = Operand.of(weights, zeroOfW.map(zero -> ofChannels(zero, 0, weights)));
    Dim terms = Fixed.ONE;
    for (int axis = 1; axis < weights.rank(); axis++) {
      terms = terms.times(weights.dim(axis));
    }
    return new IntegerProduct(
            terms.value(),
            (left, right) -> new Conv(left, right, Optional.empty(), window, groups).value())
        .of(first, second);
  }

  /** A parameter of all channels, or one for each, along an axis of x. */
  private static Value ofChannels(Value parameter, int axis, Value x) {
    return Scale.isSingle(parameter)
        ? Scale.scalar(parameter)
        : Scale.alongAxis(parameter, axis, x.rank());
  }

  private static Op quantizedConv(NodeContext n) {
    Value x = n.input(0);
    Value products = conv(n, x, Optional.of(n.input(2)), n.input(3), Optional.of(n.input(5)));
    Value sums =
        n.optionalInput(8)
            .map(bias -> add(products, Scale.alongAxis(bias, 1, x.rank())))
            .orElse(products);
    Value scale = times(Scale.scalar(n.input(1)), ofChannels(n.input(4), 1, x));
    return requantized(
        sums, scale, Scale.scalar(n.input(6)), Optional.of(Scale.scalar(n.input(7))), n.input(7));
  }
}
