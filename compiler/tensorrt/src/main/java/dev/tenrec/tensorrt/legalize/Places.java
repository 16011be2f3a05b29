package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.Constants;
import dev.tenrec.passes.rewrite.Expressions;
import dev.tenrec.passes.rewrite.MatchContext;
import java.util.List;
import java.util.stream.IntStream;

/** Positions along axes as tensors: what decompositions into gathers and comparisons count with. */
final class Places {
  private Places() {}

  /** Whether the graph's inputs tell all of some sizes. */
  static boolean areBound(List<Dim> dims, MatchContext context) {
    return dims.stream().allMatch(dim -> context.boundSymbols().containsAll(dim.symbols()));
  }

  /** A size as a scalar of int64. */
  static Value size(Dim dim) {
    return dim.value().isPresent()
        ? number(dim.value().getAsLong())
        : new Source.Sizes(ImmutableList.of(dim), true).value();
  }

  /** Sizes as a vector of int64. */
  static Value sizes(List<Dim> dims) {
    return dims.stream().allMatch(dim -> dim.value().isPresent())
        ? Constants.vector(dims.stream().mapToLong(dim -> dim.value().getAsLong()).toArray())
        : new Source.Sizes(ImmutableList.copyOf(dims), false).value();
  }

  /** A scalar of int64. */
  static Value number(long number) {
    return Constants.of(Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(), _ -> number));
  }

  /** 0, 1, 2, ... */
  static Value range(Dim count) {
    return new Source.Range(number(0), size(count), number(1)).value();
  }

  /** The axes of a tensor but for some. */
  static ImmutableList<Integer> without(int rank, Integer... axes) {
    return IntStream.range(0, rank)
        .boxed()
        .filter(axis -> !List.of(axes).contains(axis))
        .collect(ImmutableList.toImmutableList());
  }

  /** A vector along one axis of some rank. */
  static Value along(Value vector, int axis, int rank) {
    return rank == 1 ? vector : new Unsqueeze(vector, without(rank, axis)).value();
  }

  /** Indices counted from the front. */
  static Value fromFront(Value indices, Value size) {
    Value zero = Constants.of(Tensor.scalar(indices.elementType(), 0));
    Value negative = Expressions.binary(BinaryKind.LESS, indices, zero);
    return new Select(negative, Expressions.binary(BinaryKind.ADD, indices, size), indices).value();
  }

  /** Where positions are at least 0 and below a size. */
  static Value inside(Value positions, Value from, Value to) {
    return Expressions.binary(
        BinaryKind.AND,
        Expressions.binary(BinaryKind.GREATER_OR_EQUAL, positions, from),
        Expressions.binary(BinaryKind.LESS, positions, to));
  }
}
