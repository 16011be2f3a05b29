package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Indexing.ScatterElements;
import dev.tenrec.ir.Indexing.ScatterKind;
import dev.tenrec.ir.Indexing.ScatterNd;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Scatters that combine, which TensorRT has not; exact where several updates meet in one element.
 *
 * <pre>
 * scatter(op, x, indices, updates) → x op reduce(indices = places ? updates : neutral)
 *                                  → scan over the updates: scatter(state, i, state[i] op update)
 * </pre>
 *
 * <p>The first form takes memory for each pair of a place and an update, so that it is chosen where
 * that is known to be little.
 */
public record DecomposeScatter() implements Rule {
  /** So many pairs of a place and an update are compared at once at most. */
  private static final long MAX_PAIRS = 1 << 22;

  @Override
  public String name() {
    return "decompose-scatter";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case ScatterElements scatter when combines(scatter.kind(), scatter.x()) ->
          Optional.of(elements(scatter));
      case ScatterNd scatter when combines(scatter.kind(), scatter.x()) -> slices(scatter);
      default -> Optional.empty();
    };
  }

  private static boolean combines(ScatterKind kind, Value x) {
    return kind != ScatterKind.REPLACE && x.elementType() != ElementType.BOOL;
  }

  private static Value elements(ScatterElements op) {
    if (isEmpty(op.updates())) {
      return op.x();
    }
    return isFew(op.updates(), op.x(), op.axis(), op.axis() + 1)
        ? CompareAndReduce.elements(op)
        : ScatterLoop.elements(op);
  }

  private static Optional<Value> slices(ScatterNd op) {
    if (isEmpty(op.updates())) {
      return Optional.of(op.x());
    }
    int tuple = Math.toIntExact(op.indices().dim(op.indices().rank() - 1).value().orElseThrow());
    return isFew(op.updates(), op.x(), 0, tuple)
        ? Optional.of(CompareAndReduce.slices(op, tuple))
        : ScatterLoop.slices(op);
  }

  private static boolean isEmpty(Value updates) {
    return updates.shape().dims().stream().anyMatch(size -> size.is(0));
  }

  /** Whether each update may be compared with each place along some axes of x. */
  private static boolean isFew(Value updates, Value x, int from, int to) {
    if (!x.shape().isStatic() || !updates.shape().isStatic()) {
      return false;
    }
    double pairs = updates.shape().elementCount().value().orElseThrow();
    for (int axis = from; axis < to; axis++) {
      pairs *= x.dim(axis).value().orElseThrow();
    }
    return pairs <= MAX_PAIRS;
  }
}
