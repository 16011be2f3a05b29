package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.op;

import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.Fusion;
import dev.tenrec.passes.rewrite.Match;
import dev.tenrec.passes.rewrite.Pattern;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import java.util.Optional;

/**
 * {@code [rotaryEmbedding(a), b] → rotaryEmbedding([a, b])} of as many pairs as before, where a and
 * b are neighbouring columns of one value.
 *
 * <p>Legal where all of a is turned.
 */
public record FusePartialRotary() implements Fusion {
  private static final Variable ROTARY = any("rotary");
  private static final Variable REST = any("rest");
  private static final Pattern PATTERN =
      op(
          Concat.class,
          concat -> concat.axis() == concat.inputs().getFirst().rank() - 1,
          "does not put columns side by side",
          op(RotaryEmbedding.class).as(ROTARY),
          REST);

  @Override
  public String name() {
    return "fuse-partial-rotary";
  }

  @Override
  public Pattern pattern() {
    return PATTERN;
  }

  @Override
  public Match check(Match.Found match) {
    RotaryEmbedding op = match.operation(ROTARY, RotaryEmbedding.class);
    Optional<Columns> turned = Columns.of(op.x());
    Optional<Columns> rest = Columns.of(match.get(REST));
    boolean follows =
        turned.isPresent() && rest.isPresent() && turned.get().isFollowedBy(rest.get());
    return follows
        ? match.require(turned.get().count() == 2 * op.pairs(), "is not turned as a whole", op.x())
        : match.require(false, "does not follow the columns that are turned", match.get(REST));
  }

  @Override
  public Value replacement(Match.Found match) {
    RotaryEmbedding op = match.operation(ROTARY, RotaryEmbedding.class);
    Columns turned = Columns.of(op.x()).orElseThrow();
    Value x = turned.and(Columns.of(match.get(REST)).orElseThrow()).value();
    return new RotaryEmbedding(x, op.cos(), op.sin(), op.interleaved()).value();
  }
}
