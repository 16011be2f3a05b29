package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * {@code concat(x[0::s, 0::s], x[1::s, 0::s], ...) → merge(transpose(split(x)))}: the slices that
 * start at all positions of blocks, one behind the other along another axis.
 *
 * <p>Legal where the blocks divide the axes, and the slices come in the order of the positions, the
 * first or the last axis counting fastest.
 *
 * <p>Source: Liu et al., "Swin Transformer", 2021, whose patches are merged like this.
 */
public record FuseSpaceToDepth() implements Rule {
  @Override
  public String name() {
    return "fuse-space-to-depth";
  }

  /** Every {@code step}-th element from {@code start} on. */
  private record Stride(long start, long step) {}

  /**
   * What slices take of a value.
   *
   * @param strides by axis
   */
  private record Strided(Value x, TreeMap<Integer, Stride> strides) {
    Stride along(int axis) {
      return Optional.ofNullable(strides.get(axis)).orElseThrow();
    }
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (!(op instanceof Concat(ImmutableList<Value> inputs, int axis)) || inputs.size() < 2) {
      return Optional.empty();
    }
    List<Strided> parts = inputs.stream().map(FuseSpaceToDepth::strided).toList();
    Map<Integer, Stride> first = parts.getFirst().strides();
    boolean alike =
        parts.stream()
            .allMatch(part ->
                part.x() == parts.getFirst().x() && part.strides().keySet().equals(first.keySet()));
    if (!alike || first.isEmpty() || first.containsKey(axis)) {
      return Optional.empty();
    }
    List<Integer> axes = List.copyOf(first.keySet());
    Optional<List<Integer>> order =
        Optional.of(axes)
            .filter(it -> isInOrder(parts, it))
            .or(() -> Optional.of(axes.reversed()).filter(it -> isInOrder(parts, it)));
    return order.flatMap(it -> rearranged(parts.getFirst(), it, axis, context));
  }

  private static Strided strided(Value value) {
    TreeMap<Integer, Stride> strides = new TreeMap<>();
    Value x = value;
    Optional<Slice> slice = x.producedBy(Slice.class);
    while (slice.isPresent() && addStrides(slice.get(), x, strides)) {
      x = slice.get().x();
      slice = x.producedBy(Slice.class);
    }
    return new Strided(x, strides);
  }

  /** Adds what a slice takes, if it takes every n-th element of axes that n divides. */
  private static boolean addStrides(Slice slice, Value sliced, Map<Integer, Stride> strides) {
    if (slice.starts().constant().isEmpty()) {
      return false;
    }
    Map<Integer, Stride> own = new TreeMap<>();
    for (int i = 0; i < slice.axes().size(); i++) {
      int axis = slice.axes().get(i);
      long start = slice.starts().constant().get().getLong(i);
      long step = slice.steps().get(i);
      boolean fits =
          step > 1
              && start >= 0
              && start < step
              && !strides.containsKey(axis)
              && sliced.dim(axis).times(step).equals(slice.x().dim(axis));
      if (!fits) {
        return false;
      }
      own.put(axis, new Stride(start, step));
    }
    strides.putAll(own);
    return true;
  }

  /**
   * Whether the slices start at all positions of a block, the last of the axes counting fastest.
   */
  private static boolean isInOrder(List<Strided> parts, List<Integer> axes) {
    for (int i = 0; i < parts.size(); i++) {
      long rest = i;
      for (int axis : axes.reversed()) {
        Stride stride = parts.get(i).along(axis);
        if (stride.start() != rest % stride.step()
            || stride.step() != parts.getFirst().along(axis).step()) {
          return false;
        }
        rest /= stride.step();
      }
      if (rest > 0) {
        return false;
      }
    }
    return parts.size()
        == axes.stream()
            .mapToLong(axis -> parts.getFirst().along(axis).step())
            .reduce(1, Math::multiplyExact);
  }

  private static Optional<Value> rearranged(
      Strided part, List<Integer> order, int axis, MatchContext context) {
    Value x = part.x();
    List<Dim> split = new ArrayList<>();
    Map<Integer, Integer> phases = new TreeMap<>();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      places.add(split.size());
      Stride stride = part.strides().get(i);
      if (stride == null) {
        split.add(x.dim(i));
      } else {
        split.add(x.dim(i).dividedBy(Dim.of(stride.step())));
        phases.put(i, split.size());
        split.add(Dim.of(stride.step()));
      }
    }
    List<Integer> permutation = new ArrayList<>(places);
    permutation.addAll(axis, order.stream().map(phases::get).toList());
    return ShapeOperands.reshape(x, new Shape(ImmutableList.copyOf(split)), context.boundSymbols())
        .map(Op::value)
        .map(value -> new Transpose(value, ImmutableList.copyOf(permutation)).value())
        .flatMap(
            value -> ShapeOperands.reshape(value, context.result().shape(), context.boundSymbols()))
        .map(Op::value);
  }
}
