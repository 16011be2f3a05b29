package dev.tenrec.passes.rewrite;

import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Symbol;

/** What a rule may know of the graph around the operation that it looks at. */
public interface MatchContext {
  /** The result of the operation that the rule looks at. */
  Value result();

  /** How often a value is read, by operations and as an output of the graph. */
  int uses(Value value);

  /** The symbols that the graph's inputs give a value to. */
  ImmutableSet<Symbol> boundSymbols();

  /** Whether nothing else reads a value that the operation reads. */
  default boolean hasOneUse(Value value) {
    return uses(value) == 1;
  }

  /** The context of a value in a finished graph. */
  static MatchContext of(Graph graph, Value result) {
    ImmutableMultiset<Value> uses = graph.uses();
    return new MatchContext() {
      @Override
      public Value result() {
        return result;
      }

      @Override
      public int uses(Value value) {
        return uses.count(value);
      }

      @Override
      public ImmutableSet<Symbol> boundSymbols() {
        return graph.boundSymbols();
      }
    };
  }
}
