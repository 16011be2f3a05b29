package dev.tenrec.tensorrt.legalize;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.PadMode;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import java.util.List;

/** A scatter as a comparison of all places with all indices; all sizes are known. */
final class CompareAndReduce {
  private CompareAndReduce() {}

  static Value elements(ScatterElements op) {
    int axis = op.axis();
    Dim size = op.x().dim(axis);
    Value indices =
        Places.fromFront(Terms.cast(op.indices(), ElementType.INT64), Places.size(size));
    Value places = Terms.along(Places.range(size), axis, op.x().rank() + 1);
    Value here = Terms.equal(Terms.unsqueeze(indices, axis), places);
    Value combined = combined(op.kind(), here, Terms.unsqueeze(op.updates(), axis), axis + 1);
    return apply(op.kind(), op.x(), padded(combined, op.x(), neutral(op.kind(), op.x())));
  }

  /** Slices as rows of a matrix, and tuples of indices as numbers of rows. */
  static Value slices(ScatterNd op, int tuple) {
    long[] sizes = op.x().shape().sizes().orElseThrow().toArray();
    long rows = count(sizes, 0, tuple);
    long columns = count(sizes, tuple, sizes.length);
    Value indices = Terms.reshape(Terms.cast(op.indices(), ElementType.INT64), -1, tuple);
    Value leading = Terms.vector(ImmutableLongArray.copyOf(sizes).subArray(0, tuple).toArray());
    long[] strides = new long[tuple];
    for (int i = 0; i < tuple; i++) {
      strides[i] = count(sizes, i + 1, tuple);
    }
    Value weighted = Terms.mul(Places.fromFront(indices, leading), Terms.vector(strides));
    Value row = Terms.reduce(ReduceKind.SUM, weighted, true, 1);
    Value here = Terms.equal(row, Places.range(Dim.of(rows)));
    Value updates = Terms.reshape(op.updates(), -1, 1, columns);
    Value combined = combined(op.kind(), Terms.unsqueeze(here, 2), updates, 0);
    return apply(op.kind(), op.x(), Terms.reshape(combined, sizes));
  }

  private static long count(long[] sizes, int from, int to) {
    return ImmutableLongArray.copyOf(sizes).subArray(from, to).stream()
        .reduce(1, Math::multiplyExact);
  }

  private static Value combined(ScatterKind kind, Value here, Value updates, int axis) {
    Value chosen = Terms.select(here, updates, neutral(kind, updates));
    return Terms.reduce(reduction(kind), chosen, false, axis);
  }

  private static Value neutral(ScatterKind kind, Value x) {
    return Identities.of(reduction(kind), x.elementType());
  }

  private static ReduceKind reduction(ScatterKind kind) {
    return switch (kind) {
      case ADD, REPLACE -> ReduceKind.SUM;
      case MUL -> ReduceKind.PROD;
      case MIN -> ReduceKind.MIN;
      case MAX -> ReduceKind.MAX;
    };
  }

  /** What happens to an element and an update. */
  static Value apply(ScatterKind kind, Value x, Value update) {
    return switch (kind) {
      case REPLACE -> update;
      case ADD -> Terms.add(x, update);
      case MUL -> Terms.mul(x, update);
      case MIN -> Terms.min(x, update);
      case MAX -> Terms.max(x, update);
    };
  }

  /** Indices may end before x does. */
  private static Value padded(Value combined, Value x, Value neutral) {
    List<Dim> from = combined.shape().dims();
    long[] pads = new long[2 * from.size()];
    for (int i = 0; i < from.size(); i++) {
      pads[from.size() + i] = x.dim(i).minus(from.get(i)).value().orElseThrow();
    }
    return x.shape().equals(combined.shape())
        ? combined
        : new Pad(combined, Terms.vector(pads), neutral, PadMode.CONSTANT).value();
  }
}
