package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.stream.LongStream;

final class IndexingInterpreter {
  private IndexingInterpreter() {}

  static Tensor evaluate(Indexing op, List<Tensor> in) {
    Tensor x = in.getFirst();
    return switch (op) {
      case Indexing.Gather(_, _, int axis) -> gather(x, in.get(1), axis);
      case Indexing.GatherElements(_, _, int axis) -> {
        Tensor indices = in.get(1);
        yield Positions.pick(
            x, indices.sizes(), elementPositions("GatherElements", x, indices, axis));
      }
      case Indexing.GatherNd(_, _, int batchDims) -> gatherNd(x, in.get(1), batchDims);
      case Indexing.ScatterElements(var kind, _, _, _, int axis) -> {
        Tensor indices = in.get(1);
        Tensor updates = in.get(2);
        Checks.sizes("ScatterElements: updates", updates, indices.sizes());
        yield Scatterer.scatter(
            kind, x, elementPositions("ScatterElements", x, indices, axis), updates);
      }
      case Indexing.ScatterNd(var kind, _, _, _) -> scatterNd(kind, x, in.get(1), in.get(2));
      case Indexing.NonZero _ -> nonZero(x);
      case Indexing.NonMaxSuppression suppression ->
          NonMaxSuppressor.select(
              x,
              in.get(1),
              Math.max(0, in.get(2).getLong(0)),
              in.get(3).getDouble(0),
              suppression.leastScore().map(_ -> in.get(4).getDouble(0)),
              suppression.centered());
    };
  }

  private static Tensor gather(Tensor x, Tensor indices, int axis) {
    ImmutableLongArray before = x.sizes().subArray(0, axis);
    ImmutableLongArray behind = x.sizes().subArray(axis + 1, x.rank());
    ImmutableLongArray sizes =
        ImmutableLongArray.builder().addAll(before).addAll(indices.sizes()).addAll(behind).build();
    long size = x.size(axis);
    long inner = Positions.count(behind);
    ImmutableLongArray byRows =
        ImmutableLongArray.of(Positions.count(before), indices.count(), inner);
    long[] positions =
        Positions.of(
            byRows,
            part ->
                switch (part) {
                  case 0 -> outer -> outer * size * inner;
                  case 1 -> i -> Checks.position("Gather", indices.getLong(i), size) * inner;
                  default -> i -> i;
                });
    return Positions.pick(x, sizes, positions);
  }

  /** For each index the element of x at the index's own position but for the axis. */
  private static long[] elementPositions(String operation, Tensor x, Tensor indices, int axis) {
    for (int i = 0; i < x.rank(); i++) {
      Checks.check(
          i == axis || indices.size(i) <= x.size(i),
          "%s: indices %s reach beyond axis %d of %s",
          operation,
          indices,
          i,
          x);
    }
    long[] strides = Positions.strides(x.sizes());
    long[] positions =
        Positions.of(indices.sizes(), other -> other == axis ? _ -> 0 : i -> i * strides[other]);
    for (int i = 0; i < positions.length; i++) {
      positions[i] += Checks.position(operation, indices.getLong(i), x.size(axis)) * strides[axis];
    }
    return positions;
  }

  private static Tensor gatherNd(Tensor x, Tensor indices, int batchDims) {
    int last = indices.rank() - 1;
    int addressed = batchDims + Math.toIntExact(indices.size(last));
    Checks.check(
        indices.sizes().subArray(0, batchDims).equals(x.sizes().subArray(0, batchDims)),
        "GatherNd: %s and %s differ in the first %d dimensions",
        x,
        indices,
        batchDims);
    ImmutableLongArray slice = x.sizes().subArray(addressed, x.rank());
    ImmutableLongArray sizes =
        ImmutableLongArray.builder()
            .addAll(indices.sizes().subArray(0, last))
            .addAll(slice)
            .build();
    return Positions.pick(x, sizes, slicePositions("GatherNd", x, indices, batchDims));
  }

  private static Tensor scatterNd(
      Indexing.ScatterKind kind, Tensor x, Tensor indices, Tensor updates) {
    int last = indices.rank() - 1;
    int addressed = Math.toIntExact(indices.size(last));
    Checks.sizes(
        "ScatterNd: updates",
        updates,
        ImmutableLongArray.builder()
            .addAll(indices.sizes().subArray(0, last))
            .addAll(x.sizes().subArray(addressed, x.rank()))
            .build());
    return Scatterer.scatter(kind, x, slicePositions("ScatterNd", x, indices, 0), updates);
  }

  /** The positions of the elements of all slices that the tuples of indices address. */
  private static long[] slicePositions(String operation, Tensor x, Tensor indices, int batchDims) {
    int last = indices.rank() - 1;
    int length = Math.toIntExact(indices.size(last));
    long[] strides = Positions.strides(x.sizes());
    ImmutableLongArray slice = x.sizes().subArray(batchDims + length, x.rank());
    ImmutableLongArray tuples = indices.sizes().subArray(0, last);
    long[] starts =
        Positions.of(tuples, axis -> axis < batchDims ? i -> i * strides[axis] : _ -> 0);
    for (int tuple = 0; tuple < starts.length; tuple++) {
      for (int k = 0; k < length; k++) {
        int axis = batchDims + k;
        long index = indices.getLong((long) tuple * length + k);
        starts[tuple] += Checks.position(operation, index, x.size(axis)) * strides[axis];
      }
    }
    ImmutableLongArray byTuples = ImmutableLongArray.of(starts.length, Positions.count(slice));
    return Positions.of(byTuples, part -> part == 0 ? i -> starts[(int) i] : i -> i);
  }

  private static Tensor nonZero(Tensor x) {
    boolean floating = x.elementType().isFloating();
    long[] found =
        LongStream.range(0, x.count())
            .filter(i -> floating ? x.getDouble(i) != 0 : x.getLong(i) != 0)
            .toArray();
    long[] strides = Positions.strides(x.sizes());
    return Tensor.ofLongs(
        ElementType.INT64,
        ImmutableLongArray.of(x.rank(), found.length),
        i -> {
          int axis = i / found.length;
          return found[i % found.length] / strides[axis] % x.size(axis);
        });
  }
}
