package dev.tenrec.passes.fuse;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * Every step-th column of a value from one on to before another, along its last axis of fixed size.
 * A value that is no slice is all of its own columns.
 */
record Columns(Value source, long from, long to, long step) {

  /** What a value is a slice of, however often sliced; empty if its last size is open. */
  static Optional<Columns> of(Value value) {
    if (value.rank() == 0 || value.dim(value.rank() - 1).value().isEmpty()) {
      return Optional.empty();
    }
    long size = value.dim(value.rank() - 1).value().getAsLong();
    Columns own = new Columns(value, 0, size, 1);
    return Optional.of(
        value
            .producedBy(Slice.class)
            .filter(slice -> slice.axes().equals(ImmutableList.of(value.rank() - 1)))
            .flatMap(slice -> outer(slice, size))
            .orElse(own));
  }

  private static Optional<Columns> outer(Slice slice, long count) {
    Optional<Tensor> start = slice.starts().constant();
    Optional<Columns> outer = of(slice.x());
    long step = slice.steps().get(0);
    if (start.isEmpty() || outer.isEmpty() || step < 1 || start.get().getLong(0) < 0) {
      return Optional.empty();
    }
    Columns all = outer.get();
    long from = all.from + start.get().getLong(0) * all.step;
    long wide = step * all.step;
    return Optional.of(new Columns(all.source, from, from + count * wide, wide));
  }

  long count() {
    return (to - from) / step;
  }

  /** The same columns without those before and after some. */
  Columns part(long first, long behind) {
    return new Columns(source, from + first * step, from + behind * step, step);
  }

  /** Whether others follow directly. */
  boolean isFollowedBy(Columns next) {
    return next.source == source && next.from == to && step == 1 && next.step == 1;
  }

  Columns and(Columns next) {
    return new Columns(source, from, next.to, 1);
  }

  /** These columns as a value; they have a step of 1. */
  Value value() {
    int last = source.rank() - 1;
    if (from == 0 && source.dim(last).is(to)) {
      return source;
    }
    return Terms.slice(source, last, from, to);
  }
}
