package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.constant;
import static dev.tenrec.passes.rewrite.Patterns.div;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;

/**
 * {@code matmul(x, w) c → matmul(x, w c)} and {@code (matmul(x, w) + b) c → matmul(x, w c) + b c};
 * quotients likewise.
 *
 * <p>Legal for constants, where c has one element per column of the matrix or one in all.
 */
public record FuseMatMulScale() implements Fusion {
  private static final Variable PRODUCT = any("product");
  private static final Variable BIAS = constant("bias");
  private static final Variable FACTOR = constant("factor");
  private static final Pattern MATMUL =
      op(
              MatMul.class,
              op -> op.b().rank() == 2,
              "is not a product with a matrix",
              any("x"),
              constant("weights"))
          .as(PRODUCT);
  private static final Pattern SUM = either(MATMUL, add(MATMUL, BIAS));
  private static final Pattern PATTERN = either(mul(SUM, FACTOR), div(SUM, FACTOR));

  @Override
  public String name() {
    return "fuse-matmul-scale";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    Value product = match.get(PRODUCT);
    Value factor = match.get(FACTOR);
    int columns = factor.rank() - 1;
    boolean perColumn =
        factor.shape().dims().stream().limit(Math.max(0, columns)).allMatch(dim -> dim.is(1));
    Match own = match.require(perColumn, "depends on more than the column", factor);
    return own instanceof Match.Found ? match.requireSameType(product) : own;
  }

  @Override
  public Value replacement(Match.Found match) {
    MatMul product = match.operation(PRODUCT, MatMul.class);
    BinaryKind kind = match.root().producedBy(Binary.class).orElseThrow().kind();
    Value factor = match.get(FACTOR);
    long count = factor.constant().orElseThrow().count();
    Value column =
        product.transposeB() ? Terms.reshape(factor, count, 1) : Terms.reshape(factor, count);
    Value weights = Terms.binary(kind, product.b(), column);
    Value scaled =
        new MatMul(product.a(), weights, product.transposeA(), product.transposeB()).value();
    return match
        .find(BIAS)
        .map(bias -> Terms.add(scaled, Terms.binary(kind, bias, factor)))
        .orElse(scaled);
  }
}
