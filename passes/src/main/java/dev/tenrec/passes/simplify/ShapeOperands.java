package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.passes.rewrite.MatchContext;
import java.util.Optional;

/** Operands that say which shape an operation makes, with as little arithmetic as possible. */
final class ShapeOperands {
  private ShapeOperands() {}

  /**
   * The same elements in another shape; empty if the shape depends on more than the graph's inputs
   * tell.
   */
  static Optional<Op> reshape(Value x, Shape target, ImmutableSet<Symbol> bound) {
    return withoutArithmetic(x, target)
        .or(() ->
            isBound(target, bound)
                ? Optional.of(new Reshape(x, sizes(target), false))
                : Optional.empty());
  }

  private static boolean isBound(Shape shape, ImmutableSet<Symbol> bound) {
    return shape.dims().stream().allMatch(dim -> bound.containsAll(dim.symbols()));
  }

  private static Value sizes(Shape shape) {
    return new Source.Sizes(shape.dims(), false).value();
  }

  /** As {@link #reshape}, if that needs no sizes at run time. */
  static Optional<Op> withoutArithmetic(Value x, Shape target) {
    return constantReshape(x, target)
        .<Op>map(reshape -> reshape)
        .or(() -> onesBetween(x.shape(), target).map(axes -> new Unsqueeze(x, axes)))
        .or(() -> onesBetween(target, x.shape()).map(axes -> new Squeeze(x, axes)));
  }

  /** The axes of size 1 that a shape has and another one has not, if that is all they differ by. */
  private static Optional<ImmutableList<Integer>> onesBetween(Shape few, Shape many) {
    ImmutableList.Builder<Integer> axes = ImmutableList.builder();
    int next = 0;
    for (int axis = 0; axis < many.rank(); axis++) {
      boolean missing = many.rank() - axis > few.rank() - next;
      if (next < few.rank() && few.dim(next).equals(many.dim(axis))) {
        next++;
      } else if (missing && many.dim(axis).is(1)) {
        axes.add(axis);
      } else {
        return Optional.empty();
      }
    }
    return next == few.rank() ? Optional.of(axes.build()) : Optional.empty();
  }

  /**
   * A reshape whose shape is a constant: sizes that stay where they are are copied, and one other
   * may be left to inference if the rest are numbers. Copied sizes may be 0, so that nothing is
   * inferred next to them.
   */
  private static Optional<Reshape> constantReshape(Value x, Shape target) {
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
    Reshape reshape = new Reshape(x, Terms.vector(entries), copies);
    return Optional.of(reshape).filter(op -> op.inferTypes().getFirst().shape().equals(target));
  }

  /** A value in the shape of the result that a rule looks at, if the graph's inputs tell that. */
  static Optional<Value> expand(Value x, MatchContext context) {
    return expand(x, context.result().shape(), context.boundSymbols());
  }

  /** A value broadcast to a shape, if the graph's inputs tell that. */
  static Optional<Value> expand(Value x, Shape shape, ImmutableSet<Symbol> bound) {
    if (x.shape().equals(shape)) {
      return Optional.of(x);
    }
    return isBound(shape, bound) ? Optional.of(Terms.expand(x, sizes(shape))) : Optional.empty();
  }
}
