package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity.PerAxis;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * One of several matrices side by side in a product with quantized weights → a product of its own,
 * as queries, keys and values have it that a model computes at once:
 *
 * <pre>
 * gather(transpose(reshape(a w + c, [..., p, n]), [axis of p, ...]), i)
 *   → transpose(reshape(a w_i + c_i, [..., n]), [...])
 * </pre>
 *
 * <p>Legal where w is dequantized from a constant with a scale for each column, c is a constant,
 * and nobody but such gathers, at most p, reads what they read. TensorRT does the same with weights
 * in floating point; with quantized ones it would copy each matrix.
 */
public record SplitProducts() implements Rule {
  @Override
  public String name() {
    return "split-products";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Gather gather && gather.indices().rank() == 0
        ? gather.indices().constant().flatMap(index -> rewrite(gather, index.getLong(0), context))
        : Optional.empty();
  }

  private static Optional<Value> rewrite(Gather gather, long index, MatchContext context) {
    Transpose transpose = gather.x().producedBy(Transpose.class).orElse(null);
    if (transpose == null || !context.hasOneUse(transpose.x())) {
      return Optional.empty();
    }
    int axis = transpose.permutation().get(gather.axis());
    return transpose
        .x()
        .producedBy(Reshape.class)
        .filter(reshape -> axis == reshape.x().rank() - 1 && splits(reshape, transpose.x(), axis))
        .filter(reshape -> context.uses(gather.x()) <= parts(transpose, axis))
        .flatMap(reshape -> {
          long parts = parts(transpose, axis);
          long columns = reshape.x().dim(axis).value().orElseThrow() / parts;
          long first = (index < 0 ? index + parts : index) * columns;
          return part(reshape.x(), Range.closedOpen(first, first + columns), context)
              .flatMap(part -> arranged(part, transpose, gather.axis(), context));
        });
  }

  /** Whether a reshape leaves all axes as they are but the last one. */
  private static boolean splits(Reshape reshape, Value result, int axis) {
    return reshape.x().dim(axis).value().isPresent()
        && result.dim(axis).value().isPresent()
        && result
            .shape()
            .dims()
            .subList(0, axis)
            .equals(reshape.x().shape().dims().subList(0, axis));
  }

  private static long parts(Transpose transpose, int axis) {
    return transpose.x().dim(axis).value().orElseThrow();
  }

  /** Some columns of a product, perhaps with a bias. */
  private static Optional<Value> part(Value value, Range<Long> columns, MatchContext context) {
    if (!context.hasOneUse(value)) {
      return Optional.empty();
    }
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
    return bias.rank() == 1 && bias.constant().isPresent() && context.hasOneUse(product)
        ? product
            .producedBy(MatMul.class)
            .filter(op -> product.dim(product.rank() - 1).equals(bias.dim(0)))
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

  /** A part in the shape and order of its gather. */
  private static Optional<Value> arranged(
      Value part, Transpose transpose, int gathered, MatchContext context) {
    int axis = transpose.permutation().get(gathered);
    List<Dim> dims = new ArrayList<>(transpose.x().shape().dims());
    dims.remove(axis);
    List<Integer> permutation = new ArrayList<>(transpose.permutation());
    permutation.remove(gathered);
    permutation.replaceAll(old -> old > axis ? old - 1 : old);
    return ShapeOperand.of(new Shape(ImmutableList.copyOf(dims)), context.boundSymbols())
        .map(sizes -> Terms.transpose(Terms.reshape(part, sizes), permutation));
  }
}
