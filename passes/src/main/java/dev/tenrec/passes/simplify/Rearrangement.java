package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * What reshapes and transposes in a row do: axes are split into factors, the factors change places,
 * and factors next to each other are merged to axes. Axes of size 1 have no factors.
 *
 * @param from the factors of each axis of what is rearranged
 * @param to the same factors in the axes of the result
 */
record Rearrangement(
    ImmutableList<ImmutableList<Factor>> from, ImmutableList<ImmutableList<Factor>> to) {

  /** A part of an axis. Compared by identity, as two axes may have equal sizes. */
  static final class Factor {
    private final Dim size;

    private Factor(Dim size) {
      this.size = size;
    }
  }

  /** What leaves a tensor as it is; empty for tensors without elements. */
  static Optional<Rearrangement> none(Shape shape) {
    if (shape.dims().stream().anyMatch(dim -> dim.is(0))) {
      return Optional.empty();
    }
    ImmutableList<ImmutableList<Factor>> axes =
        shape.dims().stream()
            .map(dim -> dim.is(1) ? ImmutableList.<Factor>of() : ImmutableList.of(new Factor(dim)))
            .collect(ImmutableList.toImmutableList());
    return Optional.of(new Rearrangement(axes, axes));
  }

  Rearrangement transposed(List<Integer> permutation) {
    return new Rearrangement(
        from, permutation.stream().map(to::get).collect(ImmutableList.toImmutableList()));
  }

  /** This and a reshape behind it; empty if its sizes do not divide the factors. */
  Optional<Rearrangement> reshaped(Shape target) {
    Deque<Factor> rest = new ArrayDeque<>(flat(to));
    Map<Factor, ImmutableList<Factor>> splits = new HashMap<>();
    ImmutableList.Builder<ImmutableList<Factor>> axes = ImmutableList.builder();
    for (Dim dim : target.dims()) {
      Optional<ImmutableList<Factor>> axis = take(dim, rest, splits);
      if (axis.isEmpty()) {
        return Optional.empty();
      }
      axes.add(axis.get());
    }
    ImmutableList<ImmutableList<Factor>> split =
        from.stream()
            .map(axis ->
                axis.stream()
                    .flatMap(factor -> parts(factor, splits).stream())
                    .collect(ImmutableList.toImmutableList()))
            .collect(ImmutableList.toImmutableList());
    return rest.isEmpty() ? Optional.of(new Rearrangement(split, axes.build())) : Optional.empty();
  }

  private static Optional<ImmutableList<Factor>> take(
      Dim size, Deque<Factor> rest, Map<Factor, ImmutableList<Factor>> splits) {
    ImmutableList.Builder<Factor> axis = ImmutableList.builder();
    Dim wanted = size;
    while (!wanted.is(1)) {
      if (wanted.is(0) || rest.isEmpty()) {
        return Optional.empty();
      }
      Factor next = rest.pop();
      Optional<Dim> more = quotient(wanted, next.size);
      Optional<Dim> left = quotient(next.size, wanted);
      if (more.isEmpty() && left.isEmpty()) {
        return Optional.empty();
      }
      if (more.isEmpty()) {
        ImmutableList<Factor> parts = ImmutableList.of(new Factor(wanted), new Factor(left.get()));
        splits.put(next, parts);
        rest.push(parts.getLast());
        next = parts.getFirst();
      }
      axis.add(next);
      wanted = more.orElse(Dim.of(1));
    }
    return Optional.of(axis.build());
  }

  private static Optional<Dim> quotient(Dim dividend, Dim divisor) {
    Dim quotient = dividend.dividedBy(divisor);
    return Optional.of(quotient).filter(q -> q.times(divisor).equals(dividend));
  }

  private static ImmutableList<Factor> parts(
      Factor factor, Map<Factor, ImmutableList<Factor>> splits) {
    ImmutableList<Factor> parts = splits.get(factor);
    return parts == null
        ? ImmutableList.of(factor)
        : parts.stream()
            .flatMap(part -> parts(part, splits).stream())
            .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<Factor> flat(ImmutableList<ImmutableList<Factor>> axes) {
    return axes.stream().flatMap(List::stream).collect(ImmutableList.toImmutableList());
  }

  /**
   * Where each position of an axis comes from, if the axis alone is rearranged; the same position
   * of it for all positions of the others.
   */
  Optional<ImmutableLongArray> positions(int axis) {
    boolean alone = from.size() == to.size();
    for (int other = 0; alone && other < from.size(); other++) {
      alone = other == axis || from.get(other).equals(to.get(other));
    }
    if (!alone || from.get(axis).stream().anyMatch(factor -> factor.size.value().isEmpty())) {
      return Optional.empty();
    }
    Dim count = size(to.get(axis));
    ImmutableLongArray.Builder positions = ImmutableLongArray.builder();
    for (long i = 0; i < count.value().orElseThrow(); i++) {
      positions.add(source(axis, i));
    }
    return Optional.of(positions.build());
  }

  private long source(int axis, long position) {
    Map<Factor, Long> digits = new HashMap<>();
    long rest = position;
    for (Factor factor : to.get(axis).reverse()) {
      long size = factor.size.value().orElseThrow();
      digits.put(factor, rest % size);
      rest /= size;
    }
    long source = 0;
    for (Factor factor : from.get(axis)) {
      source = source * factor.size.value().orElseThrow() + digits.getOrDefault(factor, 0L);
    }
    return source;
  }

  /** The rearranged value, with as few operations as possible; empty if a size is not bound. */
  Optional<Value> apply(Value x, Shape result, ImmutableSet<Symbol> bound) {
    if (flat(from).equals(flat(to))) {
      return reshape(x, result, bound);
    }
    Optional<Value> transposed = isWhole(from, flat(to)) ? transposed(x) : Optional.empty();
    if (transposed.isPresent() && transposed.get().shape().equals(result)) {
      return transposed;
    }
    if (isWhole(to, flat(from))) {
      return split(x, to, bound);
    }
    return transposed
        .or(() -> split(x, blocks(), bound))
        .flatMap(value -> reshape(value, result, bound));
  }

  /** Whether the factors of each axis stand next to each other in the given order, too. */
  private static boolean isWhole(
      ImmutableList<ImmutableList<Factor>> axes, ImmutableList<Factor> order) {
    return axes.stream().allMatch(axis -> follows(axis, order));
  }

  private static boolean follows(ImmutableList<Factor> axis, ImmutableList<Factor> order) {
    int start = axis.isEmpty() ? 0 : order.indexOf(axis.getFirst());
    return start + axis.size() <= order.size()
        && order.subList(start, start + axis.size()).equals(axis);
  }

  /** The axes of x in the order of the result; those of size 1 where the result has some. */
  private Optional<Value> transposed(Value x) {
    ImmutableList<Factor> order = flat(to);
    Deque<Integer> others =
        new ArrayDeque<>(
            IntStream.range(0, from.size())
                .filter(axis -> !from.get(axis).isEmpty())
                .boxed()
                .sorted(Comparator.comparingInt(axis -> order.indexOf(from.get(axis).getFirst())))
                .toList());
    Deque<Integer> ones =
        new ArrayDeque<>(
            IntStream.range(0, from.size())
                .filter(axis -> from.get(axis).isEmpty())
                .boxed()
                .toList());
    List<Integer> permutation = new ArrayList<>();
    for (ImmutableList<Factor> axis : to) {
      Deque<Integer> next = axis.isEmpty() ? ones : others;
      if (!next.isEmpty()) {
        permutation.add(next.pop());
      }
    }
    permutation.addAll(others);
    permutation.addAll(ones);
    return Optional.of(new Transpose(x, ImmutableList.copyOf(permutation)).value());
  }

  /** Splits x into axes that are given in the order of the result, and transposes them. */
  private Optional<Value> split(
      Value x, ImmutableList<ImmutableList<Factor>> axes, ImmutableSet<Symbol> bound) {
    ImmutableList<Factor> order = flat(from);
    List<Integer> places = new ArrayList<>();
    int last = -1;
    for (ImmutableList<Factor> axis : axes) {
      last = axis.isEmpty() ? last : order.indexOf(axis.getFirst());
      places.add(last);
    }
    List<Integer> inSource =
        IntStream.range(0, axes.size())
            .boxed()
            .sorted(Comparator.comparingInt(places::get))
            .toList();
    Shape shape =
        new Shape(
            inSource.stream()
                .map(axis -> size(axes.get(axis)))
                .collect(ImmutableList.toImmutableList()));
    ImmutableList<Integer> permutation =
        IntStream.range(0, axes.size())
            .mapToObj(inSource::indexOf)
            .collect(ImmutableList.toImmutableList());
    return reshape(x, shape, bound).map(value -> new Transpose(value, permutation).value());
  }

  /** The longest runs of factors that stay together, in the order of the result. */
  private ImmutableList<ImmutableList<Factor>> blocks() {
    ImmutableList<Factor> order = flat(from);
    List<List<Factor>> blocks = new ArrayList<>();
    int last = -2;
    for (Factor factor : flat(to)) {
      int place = order.indexOf(factor);
      if (place != last + 1) {
        blocks.add(new ArrayList<>());
      }
      blocks.getLast().add(factor);
      last = place;
    }
    return blocks.stream().map(ImmutableList::copyOf).collect(ImmutableList.toImmutableList());
  }

  private static Dim size(ImmutableList<Factor> axis) {
    return axis.stream().map(factor -> factor.size).reduce(Dim.of(1), Dim::times);
  }

  private static Optional<Value> reshape(Value x, Shape shape, ImmutableSet<Symbol> bound) {
    return x.shape().equals(shape)
        ? Optional.of(x)
        : ShapeOperands.reshape(x, shape, bound).map(Op::value);
  }
}
