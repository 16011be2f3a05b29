package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.passes.rewrite.MatchContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Reshapes and transposes in a row.
 *
 * @param source what is rearranged
 * @param results what each of them computes, in order
 */
record ShuffleChain(Value source, ImmutableList<Value> results) {
  /** Longer chains are cut into pieces, so that a rule takes bounded time. */
  private static final int MAX_LENGTH = 8;

  /** The chain that ends with a value; of the others, nothing else reads what they compute. */
  static ShuffleChain endingAt(Value end, MatchContext context) {
    return endingAt(end, context::hasOneUse);
  }

  /** The chain that ends with a value, whatever else reads it and the others. */
  static ShuffleChain through(Value end) {
    return endingAt(end, _ -> true);
  }

  private static ShuffleChain endingAt(Value end, Predicate<Value> mayPass) {
    List<Value> backwards = new ArrayList<>();
    Value source = end;
    Optional<Value> next = operand(source);
    while (next.isPresent() && backwards.size() < MAX_LENGTH) {
      backwards.add(source);
      source = next.get();
      next = mayPass.test(source) ? operand(source) : Optional.empty();
    }
    return new ShuffleChain(source, ImmutableList.copyOf(backwards.reversed()));
  }

  /** What a value is rearranged from, if a reshape or transpose computes it. */
  static Optional<Value> operand(Value value) {
    return switch (value.producer().map(Node::op).orElse(null)) {
      case Reshape(Value x, _, _) -> Optional.of(x);
      case Squeeze(Value x, _) -> Optional.of(x);
      case Unsqueeze(Value x, _) -> Optional.of(x);
      case Transpose(Value x, _) -> Optional.of(x);
      case null, default -> Optional.empty();
    };
  }

  int length() {
    return results.size();
  }

  Value end() {
    return results.isEmpty() ? source : results.getLast();
  }

  /** The chain without its first steps. */
  ShuffleChain from(int steps) {
    return steps == 0
        ? this
        : new ShuffleChain(results.get(steps - 1), results.subList(steps, length()));
  }

  /** The same result with fewer operations; empty if there is no such way. */
  Optional<ShuffleChain> shortened(ImmutableSet<Symbol> bound) {
    return rearrangement()
        .flatMap(all -> all.apply(source, end().shape(), bound))
        .map(value -> chain(source, value))
        .filter(chain -> chain.length() < length());
  }

  /** What the chain does in all; empty if that cannot be told of factors of its axes. */
  Optional<Rearrangement> rearrangement() {
    Optional<Rearrangement> all = Rearrangement.none(source.shape());
    for (Value result : results) {
      Op op = result.producer().orElseThrow().op();
      all =
          all.flatMap(before ->
              op instanceof Transpose(_, var permutation)
                  ? Optional.of(before.transposed(permutation))
                  : before.reshaped(result.shape()));
    }
    return all;
  }

  private static ShuffleChain chain(Value source, Value end) {
    List<Value> backwards = new ArrayList<>();
    for (Value value = end; value != source; value = operand(value).orElseThrow()) {
      backwards.add(value);
    }
    return new ShuffleChain(source, ImmutableList.copyOf(backwards.reversed()));
  }
}
