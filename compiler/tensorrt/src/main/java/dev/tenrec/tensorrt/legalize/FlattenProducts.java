package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Products of many matrices with one → one product, and the bias with it.
 *
 * <pre>
 * a [..., m, k] b [k, n]          → reshape(reshape(a, [-1, k]) b, [..., m, n])
 * reshape(a b, [..., n]) + c [n]  → reshape(a b + c, [..., n])
 * </pre>
 *
 * <p>Legal where the sizes in front are known, all but one as numbers or from the graph's inputs, c
 * is a constant, and b is one or is dequantized from one.
 */
public record FlattenProducts() implements Rule {
  @Override
  public String name() {
    return "flatten-products";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case MatMul product when isFlat(product) -> flattened(product, context);
      case Binary(BinaryKind kind, Value a, Value b) when kind == BinaryKind.ADD ->
          biased(a, b, context).or(() -> biased(b, a, context));
      default -> Optional.empty();
    };
  }

  private static boolean isFlat(MatMul op) {
    return op.a().rank() > 2
        && op.b().rank() == 2
        && !op.transposeA()
        && isWeights(op.b())
        && op.a().elementType().isFloating();
  }

  private static boolean isWeights(Value b) {
    return b.producedBy(Dequantize.class).map(Dequantize::x).orElse(b).constant().isPresent();
  }

  private static Optional<Value> flattened(MatMul op, MatchContext context) {
    long terms = op.a().dim(op.a().rank() - 1).value().orElse(0);
    if (terms <= 0) {
      return Optional.empty();
    }
    return ShapeOperand.of(context.result().shape(), context.boundSymbols())
        .map(sizes -> {
          Value rows = Terms.reshape(op.a(), -1, terms);
          Value product = new MatMul(rows, op.b(), false, op.transposeB()).value();
          return Terms.reshape(product, sizes);
        });
  }

  private static Optional<Value> biased(Value product, Value bias, MatchContext context) {
    return product
        .producedBy(Reshape.class)
        .filter(_ -> bias.rank() == 1 && bias.constant().isPresent())
        .filter(reshape -> context.hasOneUse(product) && context.hasOneUse(reshape.x()))
        .filter(
            reshape -> reshape.x().rank() == 2 && reshape.x().producedBy(MatMul.class).isPresent())
        .filter(reshape ->
            reshape.x().dim(1).equals(bias.dim(0))
                && product.dim(product.rank() - 1).equals(bias.dim(0)))
        .map(reshape ->
            reshape
                .withOperands(ImmutableList.of(Terms.add(reshape.x(), bias), reshape.shape()))
                .value());
  }
}
