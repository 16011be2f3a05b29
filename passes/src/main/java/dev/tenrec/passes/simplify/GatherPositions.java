package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Slices that are put together anew, or taken of what is shuffled along the axis → reading the
 * positions that are wanted, in one step:
 *
 * <pre>
 * concat(x[2:], x[:2])                                    → x[[2, 3, ..., 0, 1]]
 * concat(x[:2], x[2:])                                    → x
 * merge(transpose(split(x)))[:2], a shuffle of channels → x[[0, 4]]
 * </pre>
 *
 * <p>Legal along axes whose size is a number. Slices are only put together if nothing else reads
 * some of them, so that no operation is added.
 */
public record GatherPositions() implements Rule {
  private static final long MAX_POSITIONS = 1 << 12;

  @Override
  public String name() {
    return "gather-positions";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Slice slice -> shuffled(slice, context);
      case Concat concat -> joined(concat, context);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> shuffled(Slice op, MatchContext context) {
    if (ShuffleChain.operand(op.x()).isEmpty()) {
      return Optional.empty();
    }
    // Other slices read what is shuffled, too; the chain goes with the last of them.
    ShuffleChain chain = ShuffleChain.through(op.x());
    return positions(op)
        .flatMap(wanted ->
            chain
                .rearrangement()
                .flatMap(all -> all.positions(op.axes().getFirst()))
                .map(sources -> {
                  ImmutableLongArray.Builder positions = ImmutableLongArray.builder();
                  wanted.forEach(position -> positions.add(sources.get((int) position)));
                  return gather(chain.source(), positions.build(), op.axes().getFirst());
                }))
        .filter(value -> value.type().equals(context.result().type()));
  }

  private static Optional<Value> joined(Concat op, MatchContext context) {
    Optional<Value> x = op.inputs().getFirst().producedBy(Slice.class).map(Slice::x);
    if (x.isEmpty() || op.inputs().stream().noneMatch(context::hasOneUse)) {
      return Optional.empty();
    }
    ImmutableLongArray.Builder all = ImmutableLongArray.builder();
    for (Value input : op.inputs()) {
      Optional<ImmutableLongArray> positions =
          input
              .producedBy(Slice.class)
              .filter(slice -> slice.x() == x.get())
              .filter(slice -> slice.axes().equals(ImmutableList.of(op.axis())))
              .flatMap(GatherPositions::positions);
      if (positions.isEmpty()) {
        return Optional.empty();
      }
      all.addAll(positions.get());
    }
    ImmutableLongArray positions = all.build();
    return Optional.of(
        isWhole(positions, x.get().dim(op.axis()).value().orElseThrow())
            ? x.get()
            : gather(x.get(), positions, op.axis()));
  }

  private static boolean isWhole(ImmutableLongArray positions, long size) {
    boolean whole = positions.length() == size;
    for (int i = 0; whole && i < size; i++) {
      whole = positions.get(i) == i;
    }
    return whole;
  }

  private static Value gather(Value x, ImmutableLongArray positions, int axis) {
    return Terms.gather(x, Terms.vector(positions.toArray()), axis);
  }

  /** The positions that a slice along one axis takes, if they are few and known. */
  private static Optional<ImmutableLongArray> positions(Slice op) {
    Optional<Tensor> starts = op.starts().constant();
    Optional<Tensor> ends = op.ends().constant();
    if (op.axes().size() != 1 || op.steps().get(0) < 1 || starts.isEmpty() || ends.isEmpty()) {
      return Optional.empty();
    }
    long size = op.x().dim(op.axes().getFirst()).value().orElse(Long.MAX_VALUE);
    if (size > MAX_POSITIONS) {
      return Optional.empty();
    }
    ImmutableLongArray.Builder positions = ImmutableLongArray.builder();
    long end = inside(ends.get().getLong(0), size);
    for (long i = inside(starts.get().getLong(0), size);
        i < end;
        i += Math.min(op.steps().get(0), MAX_POSITIONS)) {
      positions.add(i);
    }
    return Optional.of(positions.build());
  }

  private static long inside(long position, long size) {
    return Math.clamp(position < 0 ? position + size : position, 0, size);
  }
}
