package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Normalization.Softmax;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * {@code f(transpose(x), ...) → transpose(f(x, ...))}: transposes move towards the outputs, where
 * they meet others and cancel.
 *
 * <p>f stands for element by element functions, also of a constant and of several operands that are
 * transposed in the same way, for concatenations of such operands, slices, softmax and reductions.
 * Legal where nothing else reads what is transposed, so that no operation is added.
 */
public record SinkTransposes() implements Rule {
  @Override
  public String name() {
    return "sink-transposes";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    Optional<Transpose> first =
        op.operands().stream()
            .filter(context::hasOneUse)
            .flatMap(operand -> operand.producedBy(Transpose.class).stream())
            .findFirst();
    if (first.isEmpty()) {
      return Optional.empty();
    }
    ImmutableList<Integer> permutation = first.get().permutation();
    Value x = first.get().x();
    return switch (op) {
      case Unary _, Activation _, Cast _ ->
          Optional.of(transposed(op.withOperands(ImmutableList.of(x)), permutation));
      case Binary _, Concat _ -> operands(op, permutation, context);
      case Softmax(_, int axis, boolean logarithm) ->
          Optional.of(transposed(new Softmax(x, permutation.get(axis), logarithm), permutation));
      case Slice(_, Value starts, Value ends, var axes, ImmutableLongArray steps) ->
          Optional.of(
              transposed(new Slice(x, starts, ends, moved(axes, permutation), steps), permutation));
      case Reduce reduce -> reduced(reduce, x, permutation);
      default -> Optional.empty();
    };
  }

  private static Value transposed(Op op, ImmutableList<Integer> permutation) {
    return new Transpose(op.value(), permutation).value();
  }

  private static ImmutableList<Integer> moved(List<Integer> axes, List<Integer> permutation) {
    return axes.stream().map(permutation::get).collect(ImmutableList.toImmutableList());
  }

  /** All operands before the transpose, if each can be told there. */
  private static Optional<Value> operands(
      Op op, ImmutableList<Integer> permutation, MatchContext context) {
    ImmutableList.Builder<Value> before = ImmutableList.builder();
    for (Value operand : op.operands()) {
      Optional<Value> value = before(operand, permutation, context);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      before.add(value.get());
    }
    Op moved =
        op instanceof Concat(_, int axis)
            ? new Concat(before.build(), permutation.get(axis))
            : op.withOperands(before.build());
    return Optional.of(transposed(moved, permutation))
        .filter(value -> value.type().equals(context.result().type()));
  }

  private static Optional<Value> before(
      Value operand, ImmutableList<Integer> permutation, MatchContext context) {
    Optional<Transpose> transpose = operand.producedBy(Transpose.class);
    if (transpose.isPresent()) {
      return transpose
          .filter(it -> it.permutation().equals(permutation) && context.hasOneUse(operand))
          .map(Transpose::x);
    }
    return operand.constant().isPresent() && operand.rank() <= permutation.size()
        ? Optional.of(constant(operand, permutation))
        : Optional.empty();
  }

  private static Value constant(Value constant, ImmutableList<Integer> permutation) {
    if (constant.rank() == 0) {
      return constant;
    }
    int rank = permutation.size();
    ImmutableLongArray sizes = constant.shape().padTo(rank).sizes().orElseThrow();
    Value padded = constant.rank() == rank ? constant : Terms.reshape(constant, sizes.toArray());
    ImmutableList<Integer> inverse =
        IntStream.range(0, rank)
            .mapToObj(permutation::indexOf)
            .collect(ImmutableList.toImmutableList());
    return new Transpose(padded, inverse).value();
  }

  private static Optional<Value> reduced(Reduce op, Value x, ImmutableList<Integer> permutation) {
    ImmutableList<Integer> axes =
        moved(op.axes(), permutation).stream().sorted().collect(ImmutableList.toImmutableList());
    Reduce reduce = new Reduce(op.kind(), x, axes, op.keepDims());
    if (op.keepDims()) {
      return Optional.of(transposed(reduce, permutation));
    }
    List<Integer> left = permutation.stream().filter(axis -> !axes.contains(axis)).toList();
    List<Integer> ascending = left.stream().sorted().toList();
    if (left.equals(ascending)) {
      return Optional.of(reduce.value());
    }
    return Optional.of(
        transposed(
            reduce,
            left.stream()
                .map(axis -> Collections.binarySearch(ascending, axis))
                .collect(ImmutableList.toImmutableList())));
  }
}
