package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.List;
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
 * is a constant, and b is one or is dequantized from one. Not done to one matrix alone with weights
 * in floating point, which TensorRT fuses with more of what follows as it is.
 *
 * <p>Weights that share scales in blocks are always multiplied so, because their scales have their
 * axes; others have got the axes of the product by {@link UnsqueezeBeforeDequantize} before.
 *
 * @param ones names of dimensions that are 1 where an engine is to be fast
 */
public record FlattenProducts(ImmutableSet<String> ones) implements Rule {
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

  private boolean isFlat(MatMul op) {
    Optional<Dequantize> dequantized = op.b().producedBy(Dequantize.class);
    return op.a().rank() > 2
        && op.b().rank() == 2
        && !op.transposeA()
        && dequantized.map(Dequantize::x).orElse(op.b()).constant().isPresent()
        && (dequantized.isPresent() || areMany(op.a()))
        && op.a().elementType().isFloating();
  }

  private boolean areMany(Value matrices) {
    return matrices.shape().dims().subList(0, matrices.rank() - 2).stream()
        .anyMatch(dim -> Legalization.isMany(dim, ones));
  }

  private static Optional<Value> flattened(MatMul op, MatchContext context) {
    long terms = op.a().dim(op.a().rank() - 1).value().orElse(0);
    if (terms <= 0) {
      return Optional.empty();
    }
    return sizes(context.result().shape(), context.boundSymbols())
        .map(sizes -> {
          Value rows = Terms.reshape(op.a(), -1, terms);
          Value product = new MatMul(rows, op.b(), false, op.transposeB()).value();
          return Terms.reshape(product, sizes);
        });
  }

  /** Sizes for a reshape, if at most one is not a number, or all are known, and none is 0. */
  private static Optional<Value> sizes(Shape shape, ImmutableSet<Symbol> bound) {
    List<Dim> dims = shape.dims();
    if (dims.stream().anyMatch(dim -> dim.is(0))) {
      return Optional.empty();
    }
    if (dims.stream().filter(dim -> dim.value().isEmpty()).count() <= 1) {
      return Optional.of(
          Terms.vector(dims.stream().mapToLong(dim -> dim.value().orElse(-1)).toArray()));
    }
    return dims.stream().allMatch(dim -> bound.containsAll(dim.symbols()))
        ? Optional.of(new Source.Sizes(shape.dims(), false).value())
        : Optional.empty();
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
