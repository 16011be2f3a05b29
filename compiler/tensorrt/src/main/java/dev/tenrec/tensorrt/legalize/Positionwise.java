package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Granularity.PerAxis;
import dev.tenrec.ir.Quantization.Granularity.PerTensor;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * An operation whose result at each position of the two leading axes, of the batch and of the
 * sequence, comes from its operands at that position: whoever exchanges these axes may do so before
 * or behind it.
 *
 * @param op what gives one result of at least three axes
 * @param result that result
 * @param places the operands that have the axes, counted from 0; the others have none of them
 */
record Positionwise(Op op, Value result, ImmutableList<Integer> places) {
  static Optional<Positionwise> of(Op op, Value result) {
    return result.rank() < 3
        ? Optional.empty()
        : places(op, result)
            .map(places -> new Positionwise(op, result, places))
            .filter(it -> it.operands().stream().anyMatch(it::hasPositions));
  }

  private static Optional<ImmutableList<Integer>> places(Op op, Value result) {
    return switch (op) {
      case Elementwise _ -> broadcast(op, result);
      case Quantization quantization -> first(isAlike(quantization.granularity()));
      case MatMul product -> first(!product.transposeA() && product.b().rank() == 2);
      case LayerNorm norm -> first(norm.axis() >= 2);
      case RmsNorm norm -> first(norm.axis() >= 2);
      case Transpose transpose ->
          first(transpose.permutation().subList(0, 2).equals(List.of(0, 1)));
      case Slice slice -> first(slice.axes().stream().allMatch(axis -> axis >= 2));
      case Reshape reshape -> first(sizes(reshape, result).isPresent());
      case Gather(_, Value indices, int axis) ->
          indices.rank() == 2 && axis == 0 ? Optional.of(ImmutableList.of(1)) : Optional.empty();
      default -> Optional.empty();
    };
  }

  private static Optional<ImmutableList<Integer>> first(boolean applies) {
    return applies ? Optional.of(ImmutableList.of(0)) : Optional.empty();
  }

  /** Operands of as many axes as the result; one of an axis less would have one of the two. */
  private static Optional<ImmutableList<Integer>> broadcast(Op op, Value result) {
    List<Value> operands = op.operands();
    boolean between = operands.stream().anyMatch(it -> it.rank() == result.rank() - 1);
    return between
        ? Optional.empty()
        : Optional.of(
            IntStream.range(0, operands.size())
                .filter(i -> operands.get(i).rank() == result.rank())
                .boxed()
                .collect(ImmutableList.toImmutableList()));
  }

  private static boolean isAlike(Quantization.Granularity granularity) {
    return granularity instanceof PerTensor
        || (granularity instanceof PerAxis(int axis) && axis >= 2);
  }

  /** Sizes that stay right when the leading axes are exchanged. */
  private static Optional<Value> sizes(Reshape op, Value result) {
    boolean keepsPositions = op.x().rank() >= 3 && isLeading(op.x(), result);
    List<OptionalLong> rest = result.shape().dims().stream().skip(2).map(Dim::value).toList();
    return keepsPositions && rest.stream().allMatch(OptionalLong::isPresent)
        ? Optional.of(
            Terms.vector(
                LongStream.concat(
                        LongStream.of(0, 0), rest.stream().mapToLong(OptionalLong::orElseThrow))
                    .toArray()))
        : Optional.empty();
  }

  private static boolean isLeading(Value operand, Value result) {
    return operand.rank() >= 2
        && operand.dim(0).equals(result.dim(0))
        && operand.dim(1).equals(result.dim(1));
  }

  /** The operands that have the axes. */
  ImmutableList<Value> operands() {
    return places.stream().map(op.operands()::get).collect(ImmutableList.toImmutableList());
  }

  /** Whether an operand has all positions, not one for all of them. */
  boolean hasPositions(Value operand) {
    return operand.constant().isEmpty() && isLeading(operand, result);
  }

  /**
   * The same operation on other operands, of which those that have the axes have them exchanged.
   */
  Op on(ImmutableList<Value> operands) {
    return op instanceof Reshape reshape
        ? new Reshape(operands.getFirst(), sizes(reshape, result).orElseThrow(), true)
        : op.withOperands(operands);
  }
}
