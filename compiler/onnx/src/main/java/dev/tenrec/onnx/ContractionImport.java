package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import java.util.Optional;

/** Matrix products. */
final class ContractionImport {
  private ContractionImport() {}

  static void register(OperatorTable on) {
    on.op("MatMul", n -> matMul(n.input(0), n.input(1)));
    on.op("Gemm", ContractionImport::gemm);
    on.result("Einsum", since(12), EinsumImport::einsum);
  }

  /** Vectors become matrices with one row or column, which is taken away again. */
  static Op matMul(Value a, Value b) {
    boolean row = a.rank() == 1;
    boolean column = b.rank() == 1;
    MatMul product =
        new MatMul(row ? Terms.unsqueeze(a, 0) : a, column ? Terms.unsqueeze(b, 1) : b);
    if (!row && !column) {
      return product;
    }
    Value matrix = product.value();
    ImmutableList.Builder<Integer> added = ImmutableList.builder();
    if (row) {
      added.add(matrix.rank() - 2);
    }
    if (column) {
      added.add(matrix.rank() - 1);
    }
    return new Squeeze(matrix, added.build());
  }

  /** alpha a b + beta c. */
  static Op gemm(NodeContext n) {
    // Before opset 7; broadcasting became the rule.
    n.attributes().ignore("broadcast");
    double alpha = n.floatAttribute("alpha", 1);
    double beta = n.floatAttribute("beta", 1);
    boolean transposeA = n.flag("transA", false);
    boolean transposeB = n.flag("transB", false);
    Value a = n.input(0);
    if (a.rank() != 2 || n.input(1).rank() != 2) {
      throw n.invalid("operands %s and %s are not matrices".formatted(a, n.input(1)));
    }
    MatMul product = new MatMul(a, n.input(1), transposeA, transposeB);
    Optional<Value> c = n.optionalInput(2).filter(_ -> beta != 0);
    Op scaled = alpha == 1 ? product : scale(product.value(), alpha);
    return c.<Op>map(value ->
            new Binary(
                BinaryKind.ADD, scaled.value(), beta == 1 ? value : scale(value, beta).value()))
        .orElse(scaled);
  }

  private static Op scale(Value x, double factor) {
    return new Binary(BinaryKind.MUL, x, Terms.number(x, factor));
  }
}
