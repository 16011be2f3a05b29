package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.IndexLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import java.util.List;
import java.util.stream.LongStream;

/** Lowers {@link Indexing}. */
final class IndexingLowering {
  private IndexingLowering() {}

  static NetworkTensor lower(Indexing op, Scope in) {
    return switch (op) {
      case Indexing.Gather(Value x, Value indices, int axis) ->
          in.add(
              new IndexLayer.Gather(in.of(x), positions(indices, List.of(x.dim(axis)), in), axis));
      case Indexing.GatherElements(Value x, Value indices, int axis) ->
          in.add(
              new IndexLayer.GatherElement(
                  in.of(x), read(indices, List.of(x.dim(axis)), in), axis));
      case Indexing.GatherNd(Value x, Value indices, int batchDims) ->
          in.add(
              new IndexLayer.GatherNd(
                  in.of(x), read(indices, tuple(x, indices, batchDims), in), batchDims));
      case Indexing.ScatterElements(var kind, Value x, Value indices, Value updates, int axis) -> {
        requireReplace(kind);
        NetworkTensor at = positions(indices, List.of(x.dim(axis)), in);
        yield in.add(new IndexLayer.ScatterElement(in.of(x), at, in.of(updates), axis));
      }
      case Indexing.ScatterNd(var kind, Value x, Value indices, Value updates) -> {
        requireReplace(kind);
        NetworkTensor at = positions(indices, tuple(x, indices, 0), in);
        yield in.add(new IndexLayer.ScatterNd(in.of(x), at, in.of(updates)));
      }
      case Indexing.NonZero(Value x) -> SelectionLowering.nonZero(in.of(x), in);
      case Indexing.NonMaxSuppression suppression -> SelectionLowering.boxes(suppression, in);
    };
  }

  private static void requireReplace(ScatterKind kind) {
    if (kind != ScatterKind.REPLACE) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "TensorRT's scatter cannot combine with %s".formatted(kind))
          .advise("fix the sizes of the updates, and combine numbers instead of booleans");
    }
  }

  /** The sizes that the entries of each index tuple count along. */
  private static List<Dim> tuple(Value x, Value indices, int batchDims) {
    int length = Math.toIntExact(indices.dim(indices.rank() - 1).value().orElseThrow());
    return x.shape().dims().subList(batchDims, batchDims + length);
  }

  /** Indices of a gather: TensorRT counts negative ones from the end, but only of a known size. */
  private static NetworkTensor read(Value indices, List<Dim> sizes, Scope in) {
    boolean fixed = sizes.stream().allMatch(size -> size.value().isPresent());
    return fixed ? in.of(indices) : positions(indices, sizes, in);
  }

  /**
   * Indices counted from the front. TensorRT does not define negative ones everywhere, so they go
   * away: in constants here, elsewhere by layers, unless it is plain that there are none.
   *
   * @param sizes one size, or one for each entry along the last axis of the indices
   */
  private static NetworkTensor positions(Value indices, List<Dim> sizes, Scope in) {
    if (isNeverNegative(indices)) {
      return in.of(indices);
    }
    boolean fixed = sizes.stream().allMatch(size -> size.value().isPresent());
    if (fixed && indices.constant().isPresent()) {
      return in.constant(counted(indices.constant().get(), sizes));
    }
    NetworkTensor tensor = in.of(indices);
    NetworkTensor size =
        in.cast(
            sizes.size() == 1 && tensor.rank() == 0
                ? in.scalar(sizes.getFirst())
                : in.sizeTensor(sizes),
            tensor.elementType());
    NetworkTensor negative = in.binary(ElementWiseOperation.LESS, tensor, in.like(tensor, 0));
    return in.select(negative, in.sum(tensor, size), tensor);
  }

  private static boolean isNeverNegative(Value indices) {
    if (indices.constant().isPresent()) {
      return LongStream.of(indices.constant().get().toLongs()).allMatch(index -> index >= 0);
    }
    boolean position =
        indices.producedBy(Reduction.ArgReduce.class).isPresent()
            || indices.producedBy(Reduction.TopK.class).isPresent();
    return position
        || indices
            .content()
            .map(content -> content.stream().allMatch(index -> index.lowerBound() >= 0))
            .orElse(false);
  }

  private static Tensor counted(Tensor indices, List<Dim> sizes) {
    ImmutableLongArray by =
        ImmutableLongArray.copyOf(sizes.stream().mapToLong(size -> size.value().getAsLong()));
    return Tensor.ofLongs(
        indices.elementType(),
        indices.sizes(),
        i -> {
          long index = indices.getLong(i);
          return index < 0 ? index + by.get(i % by.length()) : index;
        });
  }
}
