package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.rewrite.Constants.isAll;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Tile;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Expands and tiles that keep the shape → nothing; two expands in a row → one; an expand to sizes
 * that x has already → to a constant. An expand before an operation that broadcasts anyway →
 * nothing; before another elementwise operation → behind it, if nothing else reads what is
 * expanded.
 *
 * <p>Legal where the result keeps its type.
 */
public record SimplifyBroadcasts() implements Rule {
  @Override
  public String name() {
    return "simplify-broadcasts";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Expand expand -> expand(expand, context);
      case Tile(Value x, Value repeats) when isAll(repeats, 1) -> Optional.of(x);
      case Unary _, Binary _, Select _, Cast _, Activation _, MatMul _ ->
          withoutExpands(op, context);
      default -> Optional.empty();
    };
  }

  private static Optional<Value> expand(Expand op, MatchContext context) {
    if (op.x().type().equals(context.result().type())) {
      return Optional.of(op.x());
    }
    Optional<Expand> inner = op.x().producedBy(Expand.class);
    if (inner.isPresent()) {
      Value x = inner.get().x();
      return withConstantShape(x, context).or(() -> ShapeOperands.expand(x, context));
    }
    return op.shape().constant().isPresent()
        ? Optional.empty()
        : withConstantShape(op.x(), context);
  }

  private static Optional<Value> withConstantShape(Value x, MatchContext context) {
    ImmutableList<Dim> target = context.result().shape().dims();
    long[] entries = new long[target.size()];
    for (int axis = 0; axis < entries.length; axis++) {
      int own = axis - (target.size() - x.rank());
      boolean stays = own >= 0 && x.dim(own).equals(target.get(axis));
      if (!stays && target.get(axis).value().isEmpty()) {
        return Optional.empty();
      }
      entries[axis] = stays ? 1 : target.get(axis).value().getAsLong();
    }
    return Optional.of(Terms.expand(x, Terms.vector(entries)));
  }

  private static Optional<Value> withoutExpands(Op op, MatchContext context) {
    ImmutableList<Value> operands = op.operands();
    Optional<Value> found = Optional.empty();
    for (int i = 0; found.isEmpty() && i < operands.size(); i++) {
      Optional<Expand> expand = operands.get(i).producedBy(Expand.class);
      if (expand.isPresent() && mayDrop(expand.get(), op)) {
        Value simpler = op.withOperands(with(operands, i, expand.get().x())).value();
        boolean same = simpler.type().equals(context.result().type());
        boolean movable = !(op instanceof MatMul) && context.hasOneUse(operands.get(i));
        found =
            same || !movable
                ? Optional.of(simpler).filter(_ -> same)
                : ShapeOperands.expand(simpler, context);
      }
    }
    return found;
  }

  /** Matrix products broadcast all but the last two dimensions. */
  private static boolean mayDrop(Expand expand, Op op) {
    Value x = expand.x();
    ImmutableList<Dim> dims = expand.inferTypes().getFirst().shape().dims();
    return !(op instanceof MatMul)
        || (x.rank() >= 2
            && x.shape()
                .dims()
                .subList(x.rank() - 2, x.rank())
                .equals(dims.subList(dims.size() - 2, dims.size())));
  }

  private static ImmutableList<Value> with(ImmutableList<Value> values, int index, Value value) {
    return ImmutableList.<Value>builder()
        .addAll(values.subList(0, index))
        .add(value)
        .addAll(values.subList(index + 1, values.size()))
        .build();
  }
}
