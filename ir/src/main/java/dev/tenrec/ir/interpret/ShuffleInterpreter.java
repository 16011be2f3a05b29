package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

final class ShuffleInterpreter {
  private ShuffleInterpreter() {}

  static Tensor evaluate(Shuffle op, List<Tensor> in) {
    Tensor x = in.getFirst();
    return switch (op) {
      case Shuffle.Reshape(_, _, boolean copyZeros) -> reshape(x, in.get(1), copyZeros);
      case Shuffle.Squeeze(_, var axes) -> squeeze(x, axes);
      case Shuffle.Unsqueeze(_, var axes) -> unsqueeze(x, axes);
      case Shuffle.Transpose(_, var permutation) -> transpose(x, permutation);
      case Shuffle.Concat(_, int axis) -> concat(in, axis);
      case Shuffle.Slice(_, _, _, var axes, var steps) ->
          slice(x, in.get(1), in.get(2), axes, steps);
      case Shuffle.Pad(_, _, _, var mode) -> Padder.pad(x, in.get(1), in.get(2), mode);
      case Shuffle.Expand _ -> expand(x, sizes(in.get(1)));
      case Shuffle.Tile _ -> tile(x, sizes(in.get(1)));
    };
  }

  private static ImmutableLongArray sizes(Tensor vector) {
    ImmutableLongArray sizes = ImmutableLongArray.copyOf(vector.toLongs());
    Checks.check(sizes.stream().allMatch(size -> size >= 0), "negative size in %s", sizes);
    return sizes;
  }

  private static Tensor reshape(Tensor x, Tensor shape, boolean copyZeros) {
    long[] sizes = shape.toLongs();
    int inferred = -1;
    // What a copied size contributes to both sides cancels out, even if it is 0.
    long before = 1;
    long after = 1;
    for (int axis = 0; axis < Math.max(sizes.length, x.rank()); axis++) {
      boolean copied = copyZeros && axis < sizes.length && sizes[axis] == 0;
      Checks.check(!copied || axis < x.rank(), "Reshape: %s has no size %d to copy", x, axis);
      before *= copied || axis >= x.rank() ? 1 : x.size(axis);
      if (copied) {
        sizes[axis] = x.size(axis);
      } else if (axis < sizes.length && sizes[axis] == -1 && inferred < 0) {
        inferred = axis;
      } else if (axis < sizes.length) {
        Checks.check(
            sizes[axis] >= 0, "Reshape: %s is not a shape", ImmutableLongArray.copyOf(sizes));
        after = Math.multiplyExact(after, sizes[axis]);
      }
    }
    if (inferred >= 0) {
      sizes[inferred] = after == 0 ? 0 : before / after;
    }
    ImmutableLongArray result = ImmutableLongArray.copyOf(sizes);
    long count = LongStream.of(sizes).reduce(1, Math::multiplyExact);
    Checks.check(count == x.count(), "Reshape: %s does not reshape to %s", x, result);
    return x.withSizes(result);
  }

  private static Tensor squeeze(Tensor x, List<Integer> axes) {
    axes.forEach(
        axis -> Checks.check(x.size(axis) == 1, "Squeeze: axis %d of %s is not 1", axis, x));
    return x.withSizes(
        ImmutableLongArray.copyOf(
            IntStream.range(0, x.rank()).filter(axis -> !axes.contains(axis)).mapToLong(x::size)));
  }

  private static Tensor unsqueeze(Tensor x, List<Integer> axes) {
    List<Long> sizes = new ArrayList<>(x.sizes().asList());
    axes.stream().sorted().forEach(axis -> sizes.add(axis, 1L));
    return x.withSizes(ImmutableLongArray.copyOf(sizes));
  }

  private static Tensor transpose(Tensor x, List<Integer> permutation) {
    long[] strides = Positions.strides(x.sizes());
    ImmutableLongArray sizes = ImmutableLongArray.copyOf(permutation.stream().mapToLong(x::size));
    return Positions.pick(
        x, sizes, Positions.of(sizes, axis -> i -> i * strides[permutation.get(axis)]));
  }

  private static Tensor concat(List<Tensor> in, int axis) {
    Tensor first = in.getFirst();
    long[] sizes = first.sizes().toArray();
    sizes[axis] = in.stream().mapToLong(x -> x.size(axis)).reduce(0, Math::addExact);
    for (Tensor x : in) {
      for (int i = 0; i < sizes.length; i++) {
        Checks.check(
            i == axis || x.size(i) == sizes[i], "Concat: %s and %s differ at axis %d", first, x, i);
      }
    }
    ImmutableLongArray result = ImmutableLongArray.copyOf(sizes);
    Axis rows = Axis.of(result, axis);
    long[] patterns = new long[Positions.count(result)];
    int before = 0;
    for (Tensor x : in) {
      Axis rowsOfX = Axis.of(x.sizes(), axis);
      for (int i = 0; i < x.count(); i++) {
        int row = rowsOfX.rowOf(i);
        patterns[rows.position(row, before + rowsOfX.indexOf(i))] = x.getBits(i);
      }
      before += rowsOfX.size();
    }
    return Tensor.ofBits(first.elementType(), result, i -> patterns[i]);
  }

  private static Tensor slice(
      Tensor x, Tensor starts, Tensor ends, List<Integer> axes, ImmutableLongArray steps) {
    Checks.check(
        starts.count() == axes.size() && ends.count() == axes.size(),
        "Slice: starts %s and ends %s for axes %s",
        starts,
        ends,
        axes);
    long[] sizes = x.sizes().toArray();
    long[] first = new long[x.rank()];
    long[] distance = Positions.strides(x.sizes());
    for (int i = 0; i < axes.size(); i++) {
      int axis = axes.get(i);
      long size = x.size(axis);
      long step = steps.get(i);
      // Backwards, both may lie in front of all elements: the end, and any start in an empty axis.
      long highest = step > 0 ? size : size - 1;
      long start = Math.clamp(fromFront(starts.getLong(i), size), Math.min(0, highest), highest);
      long end = Math.clamp(fromFront(ends.getLong(i), size), step > 0 ? 0 : -1, highest);
      sizes[axis] = Math.max(0, Math.ceilDiv(end - start, step));
      first[axis] = start * distance[axis];
      distance[axis] *= step;
    }
    ImmutableLongArray result = ImmutableLongArray.copyOf(sizes);
    return Positions.pick(
        x, result, Positions.of(result, axis -> i -> first[axis] + i * distance[axis]));
  }

  private static long fromFront(long position, long size) {
    return position < 0 ? position + size : position;
  }

  private static Tensor expand(Tensor x, ImmutableLongArray shape) {
    ImmutableLongArray sizes = Positions.broadcast("Expand", List.of(x.sizes(), shape));
    var positions = Positions.broadcast(x.sizes(), sizes);
    return Tensor.ofBits(x.elementType(), sizes, i -> x.getBits(positions.applyAsLong(i)));
  }

  private static Tensor tile(Tensor x, ImmutableLongArray repeats) {
    Checks.check(repeats.length() == x.rank(), "Tile: repeats %s for %s", repeats, x);
    ImmutableLongArray sizes =
        ImmutableLongArray.copyOf(
            IntStream.range(0, x.rank())
                .mapToLong(axis -> Math.multiplyExact(x.size(axis), repeats.get(axis))));
    long[] strides = Positions.strides(x.sizes());
    return Positions.pick(
        x, sizes, Positions.of(sizes, axis -> i -> i % x.size(axis) * strides[axis]));
  }
}
