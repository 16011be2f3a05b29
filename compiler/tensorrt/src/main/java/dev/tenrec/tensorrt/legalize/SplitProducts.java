package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity.PerAxis;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Some columns of a product with quantized weights → a product with columns of the weights, as for
 * queries, keys and values that a model computes at once:
 *
 * <pre>
 * (a w + c)[..., i : j] → a w[:, i : j] + c[i : j]
 * </pre>
 *
 * <p>Legal where w is dequantized from a constant with a scale for each column, and c, which may be
 * missing, is a constant. Not done where so many read the product that columns would be computed
 * twice. TensorRT does the same with weights in floating point; with quantized ones it copies the
 * columns.
 */
public record SplitProducts() implements Rule {
  @Override
  public String name() {
    return "split-products";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Slice slice
            && slice.axes().equals(ImmutableList.of(slice.x().rank() - 1))
            && slice.steps().equals(ImmutableLongArray.of(1))
        ? columns(slice)
            .filter(columns -> isShare(columns, slice.x(), context))
            .flatMap(columns -> part(slice.x(), columns, context))
        : Optional.empty();
  }

  private static Optional<Range<Long>> columns(Slice slice) {
    Optional<Tensor> from = slice.starts().constant();
    Optional<Tensor> to = slice.ends().constant();
    return from.isPresent()
            && to.isPresent()
            && 0 <= from.get().getLong(0)
            && from.get().getLong(0) < to.get().getLong(0)
        ? Optional.of(Range.closedOpen(from.get().getLong(0), to.get().getLong(0)))
        : Optional.empty();
  }

  /** Whether columns are all there, and as many for each reader would be no more than there are. */
  private static boolean isShare(Range<Long> columns, Value product, MatchContext context) {
    long all = product.dim(product.rank() - 1).value().orElse(0);
    long read = columns.upperEndpoint() - columns.lowerEndpoint();
    return columns.upperEndpoint() <= all && context.uses(product) * read <= all;
  }

  private static Optional<Value> part(Value value, Range<Long> columns, MatchContext context) {
    return value
        .producedBy(Binary.class)
        .filter(sum -> sum.kind() == BinaryKind.ADD)
        .map(sum ->
            biased(sum.a(), sum.b(), columns, context)
                .or(() -> biased(sum.b(), sum.a(), columns, context)))
        .orElseGet(() -> value.producedBy(MatMul.class).flatMap(op -> product(op, columns)));
  }

  private static Optional<Value> biased(
      Value product, Value bias, Range<Long> columns, MatchContext context) {
    return bias.rank() == 1
            && bias.constant().isPresent()
            && bias.dim(0).equals(product.dim(product.rank() - 1))
            && context.uses(product) == 1
        ? product
            .producedBy(MatMul.class)
            .flatMap(op -> product(op, columns))
            .map(part -> Terms.add(part, slice(bias, 0, columns)))
        : Optional.empty();
  }

  private static Optional<Value> product(MatMul op, Range<Long> columns) {
    int axis = op.transposeB() ? 0 : 1;
    return op.b()
        .producedBy(Dequantize.class)
        .filter(weights -> weights.x().rank() == 2 && weights.x().constant().isPresent())
        .filter(weights ->
            weights.scale().constant().isPresent()
                && weights.granularity().equals(new PerAxis(axis)))
        .map(weights ->
            weights
                .withOperands(
                    ImmutableList.of(
                        slice(weights.x(), axis, columns), slice(weights.scale(), 0, columns)))
                .value())
        .map(weights -> new MatMul(op.a(), weights, op.transposeA(), op.transposeB()).value());
  }

  private static Value slice(Value x, int axis, Range<Long> range) {
    return Terms.slice(x, axis, range.lowerEndpoint(), range.upperEndpoint());
  }
}
