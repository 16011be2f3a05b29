package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.rewrite.Constants.isAll;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Slices of everything, pads of nothing and concatenations of one → nothing; slices up to the end
 * of an axis → up to a constant beyond any end; concatenations in concatenations → one.
 *
 * <p>An operand of size 0 is dropped from a concatenation. A nested concatenation is only taken
 * apart if nothing else reads it.
 */
public record SimplifySlices() implements Rule {
  @Override
  public String name() {
    return "simplify-slices";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Slice slice -> slice(slice, context.result());
      case Pad(Value x, Value pads, _, _) when isAll(pads, 0) -> Optional.of(x);
      case Concat concat -> concat(concat, context);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> slice(Slice op, Value result) {
    boolean forward = op.steps().stream().allMatch(step -> step == 1);
    if (!forward) {
      return Optional.empty();
    }
    // With steps of 1, only the whole axis has the size of the axis.
    return op.x().type().equals(result.type()) ? Optional.of(op.x()) : toTheEnd(op);
  }

  private static Optional<Value> toTheEnd(Slice op) {
    if (op.ends().constant().isPresent() || op.ends().content().isEmpty()) {
      return Optional.empty();
    }
    ImmutableList<Dim> ends = op.ends().content().get();
    long[] constant = new long[ends.size()];
    for (int i = 0; i < constant.length; i++) {
      boolean toTheEnd = ends.get(i).equals(op.x().dim(op.axes().get(i)));
      if (!toTheEnd && ends.get(i).value().isEmpty()) {
        return Optional.empty();
      }
      constant[i] = toTheEnd ? Long.MAX_VALUE : ends.get(i).value().getAsLong();
    }
    Value end = Terms.vector(constant);
    return Optional.of(new Slice(op.x(), op.starts(), end, op.axes(), op.steps()).value());
  }

  private static Optional<Value> concat(Concat op, MatchContext context) {
    ImmutableList<Value> inputs = op.inputs();
    ImmutableList<Value> flat =
        inputs.stream()
            .flatMap(input ->
                input
                    .producedBy(Concat.class)
                    .filter(inner -> inner.axis() == op.axis() && context.hasOneUse(input))
                    .map(inner -> inner.inputs().stream())
                    .orElse(Stream.of(input)))
            .filter(input -> !input.dim(op.axis()).is(0))
            .collect(ImmutableList.toImmutableList());
    if (flat.size() == 1) {
      return Optional.of(flat.getFirst());
    }
    boolean same =
        flat.size() == inputs.size()
            && IntStream.range(0, flat.size()).allMatch(i -> flat.get(i) == inputs.get(i));
    return same || flat.isEmpty()
        ? Optional.empty()
        : Optional.of(new Concat(flat, op.axis()).value());
  }
}
