package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Reshapes and transposes on both sides of operations that treat all positions alike → on one side,
 * where they merge:
 *
 * <pre>
 * after(f(before(x))) → merged(f(x)) or f(merged(x))
 * </pre>
 *
 * <p>f stands for products with constant matrices, element by element functions, constants over the
 * last axis and normalizations of it. Legal where what changes sides leaves the last axis alone, or
 * f does not look at it. Applied where fewer operations are left, and where nothing else reads what
 * is moved.
 */
public record MoveShuffles() implements Rule {
  private static final int MAX_LAYERS = 8;

  @Override
  public String name() {
    return "move-shuffles";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (ShuffleChain.operand(context.result()).isEmpty()) {
      return Optional.empty();
    }
    ShuffleChain after = ShuffleChain.endingAt(context.result(), context);
    List<Tokenwise> layers = new ArrayList<>();
    Value x = after.source();
    Optional<Tokenwise> next = layer(x, context);
    while (next.isPresent() && layers.size() < MAX_LAYERS) {
      layers.add(next.get());
      x = next.get().x();
      next = layer(x, context);
    }
    if (layers.isEmpty() || !context.hasOneUse(x) || ShuffleChain.operand(x).isEmpty()) {
      return Optional.empty();
    }
    ShuffleChain before = ShuffleChain.endingAt(x, context);
    Sides sides =
        new Sides(
            before,
            ImmutableList.copyOf(layers.reversed()),
            after,
            layers.stream().allMatch(Tokenwise::perElement),
            context.boundSymbols());
    return sides
        .allBehind()
        .or(sides::allInFront)
        .filter(value -> value.type().equals(context.result().type()));
  }

  private static Optional<Tokenwise> layer(Value value, MatchContext context) {
    return value
        .producer()
        .filter(node -> node.results().size() == 1 && context.hasOneUse(value))
        .flatMap(node -> Tokenwise.of(node.op()));
  }

  private record Sides(
      ShuffleChain before,
      ImmutableList<Tokenwise> layers,
      ShuffleChain after,
      boolean perElement,
      ImmutableSet<Symbol> bound) {

    /** Moves as much as saves something from in front of the layers to behind them. */
    Optional<Value> allBehind() {
      int first = before.length();
      while (first > 0 && isMovable(before.results().get(first - 1))) {
        first--;
      }
      Optional<Value> found = Optional.empty();
      for (; found.isEmpty() && first < before.length(); first++) {
        Value x = throughLayers(before.from(first).source());
        List<Value> steps = new ArrayList<>(before.results().subList(first, before.length()));
        steps.addAll(after.results());
        found = shortened(x, steps).map(ShuffleChain::end);
      }
      return found;
    }

    /** Moves as much as saves something from behind the layers to in front of them. */
    Optional<Value> allInFront() {
      int end = 0;
      while (end < after.length() && isMovable(after.results().get(end))) {
        end++;
      }
      Optional<Value> found = Optional.empty();
      for (; found.isEmpty() && end > 0; end--) {
        List<Value> steps = new ArrayList<>(before.results());
        steps.addAll(after.results().subList(0, end));
        List<Value> rest = after.results().subList(end, after.length());
        found =
            shortened(before.source(), steps)
                .flatMap(chain -> replay(throughLayers(chain.end()), rest))
                .map(ShuffleChain::end);
      }
      return found;
    }

    private Optional<ShuffleChain> shortened(Value x, List<Value> steps) {
      return replay(x, steps).flatMap(chain -> chain.shortened(bound));
    }

    /** The same steps from another value on, whose last axis may be another one. */
    private Optional<ShuffleChain> replay(Value x, List<Value> steps) {
      ImmutableList.Builder<Value> results = ImmutableList.builder();
      Optional<Value> current = Optional.of(x);
      for (Value step : steps) {
        current = current.flatMap(value -> replay(value, step));
        current.ifPresent(results::add);
      }
      return current.map(_ -> new ShuffleChain(x, results.build()));
    }

    private Optional<Value> replay(Value x, Value step) {
      Op op = step.producer().orElseThrow().op();
      if (op instanceof Transpose(_, var permutation)) {
        return Optional.of(new Transpose(x, permutation).value());
      }
      Shape target = step.shape();
      if (keepsLastAxis(step)) {
        target = target.with(target.rank() - 1, x.dim(x.rank() - 1));
      }
      return ShapeOperands.reshape(x, target, bound).map(Op::value);
    }

    private Value throughLayers(Value x) {
      Value value = x;
      for (Tokenwise layer : layers) {
        value = layer.on(value).value();
      }
      return value;
    }

    private boolean isMovable(Value step) {
      return perElement || keepsLastAxis(step);
    }
  }

  private static boolean keepsLastAxis(Value step) {
    Value x = ShuffleChain.operand(step).orElseThrow();
    int last = x.rank() - 1;
    return step.producer().orElseThrow().op() instanceof Transpose(_, var permutation)
        ? permutation.getLast() == last
        : last >= 1
            && step.rank() >= 2
            && x.dim(last).equals(step.dim(step.rank() - 1))
            && x.dim(last).lowerBound() > 0;
  }
}
