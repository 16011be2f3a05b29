package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
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
        ? Terms.index(dim.value().getAsLong())
        : new Source.Sizes(ImmutableList.of(dim), true).value();
  }

  /** Sizes as a vector of int64. */
  static Value sizes(List<Dim> dims) {
    return dims.stream().allMatch(dim -> dim.value().isPresent())
        ? Terms.vector(dims.stream().mapToLong(dim -> dim.value().getAsLong()).toArray())
        : new Source.Sizes(ImmutableList.copyOf(dims), false).value();
  }

  /** 0, 1, 2, ... */
  static Value range(Dim count) {
    return Terms.range(size(count));
  }

  /** The axes of a tensor but for some. */
  static ImmutableList<Integer> without(int rank, Integer... axes) {
    return IntStream.range(0, rank)
        .boxed()
        .filter(axis -> !List.of(axes).contains(axis))
        .collect(ImmutableList.toImmutableList());
  }

  /** Indices counted from the front. */
  static Value fromFront(Value indices, Value size) {
    Value zero = Terms.number(indices, 0);
    Value negative = Terms.less(indices, zero);
    return new Select(negative, Terms.add(indices, size), indices).value();
  }

  /** Where positions are at least 0 and below a size. */
  static Value inside(Value positions, Value from, Value to) {
    return Terms.and(
        Terms.binary(BinaryKind.GREATER_OR_EQUAL, positions, from), Terms.less(positions, to));
  }
}
