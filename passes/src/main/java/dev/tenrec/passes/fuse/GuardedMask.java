package dev.tenrec.passes.fuse;

import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Constants;
import java.util.Optional;

/**
 * A mask that is added to scores, and what becomes of queries for which it is -∞ everywhere.
 *
 * <p>Attention with an additive mask is not a number there, just as the softmax is, so that without
 * a guard the mask stays as it is. A guard puts zeros there: that is what a boolean mask means, if
 * the additive one was made from it; it is nothing, if the mask is finite; else the zeros are put
 * into the result.
 *
 * @param added what is added to the scores
 * @param allowed true where a key may be attended to, in the place of what is added
 * @param empty true for queries that get zeros
 */
record GuardedMask(Optional<Value> added, Optional<Value> allowed, Optional<Value> empty) {

  static GuardedMask of(Optional<Value> mask, boolean guarded) {
    if (!guarded || mask.isEmpty() || NumberRange.of(mask.get()).isFinite()) {
      return new GuardedMask(mask, Optional.empty(), Optional.empty());
    }
    return allowed(mask.get())
        .map(keys -> new GuardedMask(Optional.empty(), Optional.of(keys), Optional.empty()))
        .orElseGet(() -> new GuardedMask(mask, Optional.empty(), Optional.of(empty(mask.get()))));
  }

  /** The condition of {@code select(condition, 0, -∞)}. */
  private static Optional<Value> allowed(Value mask) {
    return mask.producedBy(Select.class)
        .filter(select ->
            Constants.isAll(select.a(), 0)
                && Constants.isAll(select.b(), Double.NEGATIVE_INFINITY)
                && select.condition().shape().equals(mask.shape()))
        .map(Select::condition);
  }

  private static Value empty(Value mask) {
    Value largest =
        mask.rank() == 0 ? mask : Terms.reduce(ReduceKind.MAX, mask, true, mask.rank() - 1);
    return Terms.equal(largest, Terms.number(mask, Double.NEGATIVE_INFINITY));
  }

  Value attention(Scores scores) {
    Value result = scores.with(allowed.or(() -> added));
    return empty
        .map(rows -> Terms.select(rows, Terms.scalar(scores.elementType(), 0), result))
        .orElse(result);
  }
}
