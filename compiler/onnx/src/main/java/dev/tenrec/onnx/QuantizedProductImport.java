package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.transpose;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Optional;

/** ONNX Runtime's products of matrices of which at least one is quantized to bytes. */
final class QuantizedProductImport {
  private QuantizedProductImport() {}

  static void register(OperatorTable on) {
    on.op("QGemm", QuantizedProductImport::gemm);
    on.op("MatMulIntegerToFloat", QuantizedProductImport::matMulToFloat);
    on.op("DynamicQuantizeMatMul", QuantizedProductImport::dynamicMatMul);
  }

  /** alpha a b + c; c has the scale of the sums, and the result is quantized if it has a scale. */
  private static Op gemm(NodeContext n) {
    double alpha = n.floatAttribute("alpha", 1);
    Value a = transposed(n.input(0, 2), n.flag("transA", false));
    Value b = transposed(n.input(3, 2), n.flag("transB", false));
    Value products = IntegerImport.matMul(a, n.optionalInput(2), b, n.optionalInput(5));
    Value sums = n.optionalInput(6).map(c -> add(products, c)).orElse(products);
    Value scale = times(scale(n, 1), scale(n, 4));
    Value scaled = alpha == 1 ? scale : times(scale, scalar(ElementType.FLOAT32, alpha));
    Optional<Value> zeroPoint = n.optionalInput(8);
    if (!n.hasInput(7)) {
      return product(sums, scaled);
    }
    Value ratio = div(scaled, scale(n, 7));
    ElementType type = zeroPoint.orElseGet(() -> n.input(0)).elementType();
    return Affine.rounded(times(sums, ratio), zeroPoint.map(Scale::scalar), type);
  }

  private static Value transposed(Value matrix, boolean transpose) {
    return transpose ? transpose(matrix, 1, 0) : matrix;
  }

  private static Value scale(NodeContext n, int i) {
    return IntegerImport.ofColumns(n.input(i));
  }

  private static Op product(Value a, Value b) {
    return new Binary(BinaryKind.MUL, cast(a, ElementType.FLOAT32), cast(b, ElementType.FLOAT32));
  }

  private static Value times(Value a, Value b) {
    return product(a, b).value();
  }

  private static Op matMulToFloat(NodeContext n) {
    Value a = n.input(0);
    Value sums = IntegerImport.matMul(a, n.optionalInput(4), n.input(1), n.optionalInput(5));
    Value scale = times(IntegerImport.ofRows(n.input(2), a), scale(n, 3));
    return plusBias(n, product(sums, scale), 6);
  }

  private static Op plusBias(NodeContext n, Op product, int bias) {
    return n.optionalInput(bias)
        .<Op>map(b -> new Binary(BinaryKind.ADD, product.value(), b))
        .orElse(product);
  }

  /** The first operand is quantized to bytes by its range. */
  private static Op dynamicMatMul(NodeContext n) {
    QuantizationImport.Dynamic a = QuantizationImport.Dynamic.of(n.input(0));
    Value sums =
        IntegerImport.matMul(
            a.quantized().value(), Optional.of(a.zeroPoint()), n.input(1), n.optionalInput(3));
    return plusBias(n, product(sums, times(a.scale(), scale(n, 2))), 4);
  }
}
