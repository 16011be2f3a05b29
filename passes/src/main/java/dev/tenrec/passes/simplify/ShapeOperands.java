package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.passes.rewrite.Constants;
import java.util.Optional;

/** Operands that say which shape an operation makes, with as little arithmetic as possible. */
final class ShapeOperands {
  private ShapeOperands() {}

  /** A reshape to a shape; empty if the shape depends on more than the graph's inputs tell. */
  static Optional<Reshape> reshape(Value x, Shape target, ImmutableSet<Symbol> bound) {
    Optional<Reshape> constant = constantReshape(x, target);
    if (constant.isPresent()) {
      return constant;
    }
    return target.dims().stream().allMatch(dim -> bound.containsAll(dim.symbols()))
        ? Optional.of(new Reshape(x, new Source.Sizes(target.dims(), false).value(), false))
        : Optional.empty();
  }

  /**
   * A reshape whose shape is a constant: sizes that stay where they are are copied, and one other
   * may be left to inference if the rest are numbers. Copied sizes may be 0, so that nothing is
   * inferred next to them.
   */
  static Optional<Reshape> constantReshape(Value x, Shape target) {
    long[] entries = new long[target.rank()];
    boolean copies = false;
    int inferred = 0;
    for (int axis = 0; axis < entries.length; axis++) {
      Dim dim = target.dim(axis);
      if (dim.is(0)) {
        return Optional.empty();
      } else if (dim.value().isPresent()) {
        entries[axis] = dim.value().getAsLong();
      } else if (axis < x.rank() && x.dim(axis).equals(dim)) {
        copies = true;
      } else {
        entries[axis] = -1;
        inferred++;
      }
    }
    if (inferred > 1 || (inferred == 1 && copies)) {
      return Optional.empty();
    }
    Reshape reshape = new Reshape(x, Constants.vector(entries), copies);
    return Optional.of(reshape).filter(op -> op.inferTypes().getFirst().shape().equals(target));
  }
}
