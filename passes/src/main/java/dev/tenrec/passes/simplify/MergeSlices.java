package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code slice(slice(x)) → slice(x)}: of other axes, both at once; of the same axis with steps of
 * 1, {@code x[a:b][c:d] → x[a + c:min(b, a + d)]}.
 *
 * <p>Legal for constant bounds, of the same axis for bounds that count from the start. Applied
 * where nothing else reads the inner slice.
 */
public record MergeSlices() implements Rule {
  @Override
  public String name() {
    return "merge-slices";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (!(op instanceof Slice outer) || !context.hasOneUse(outer.x())) {
      return Optional.empty();
    }
    return outer
        .x()
        .producedBy(Slice.class)
        .filter(inner -> hasConstantBounds(inner) && hasConstantBounds(outer))
        .flatMap(inner -> merged(inner, outer))
        .filter(value -> value.type().equals(context.result().type()));
  }

  private static boolean hasConstantBounds(Slice slice) {
    return slice.starts().constant().isPresent() && slice.ends().constant().isPresent();
  }

  private static Optional<Value> merged(Slice inner, Slice outer) {
    List<Integer> axes = new ArrayList<>(inner.axes());
    List<Long> starts = new ArrayList<>(numbers(inner.starts()));
    List<Long> ends = new ArrayList<>(numbers(inner.ends()));
    List<Long> steps = new ArrayList<>(inner.steps().asList());
    for (int i = 0; i < outer.axes().size(); i++) {
      long start = numbers(outer.starts()).get(i);
      long end = numbers(outer.ends()).get(i);
      long step = outer.steps().get(i);
      int known = axes.indexOf(outer.axes().get(i));
      if (known < 0) {
        axes.add(outer.axes().get(i));
        starts.add(start);
        ends.add(end);
        steps.add(step);
      } else {
        long from = starts.get(known);
        boolean forward = step == 1 && steps.get(known) == 1;
        if (!forward || start < 0 || end < 0 || from < 0 || ends.get(known) < 0) {
          return Optional.empty();
        }
        starts.set(known, sum(from, start));
        ends.set(known, Math.min(ends.get(known), sum(from, end)));
      }
    }
    return Optional.of(
        new Slice(
                inner.x(),
                vector(starts),
                vector(ends),
                ImmutableList.copyOf(axes),
                ImmutableLongArray.copyOf(steps))
            .value());
  }

  private static List<Long> numbers(Value vector) {
    return ImmutableLongArray.copyOf(vector.constant().orElseThrow().toLongs()).asList();
  }

  private static Value vector(List<Long> numbers) {
    return Terms.vector(ImmutableLongArray.copyOf(numbers).toArray());
  }

  /** What lies beyond any end stays there. */
  private static long sum(long a, long b) {
    return a > Long.MAX_VALUE - b ? Long.MAX_VALUE : a + b;
  }
}
