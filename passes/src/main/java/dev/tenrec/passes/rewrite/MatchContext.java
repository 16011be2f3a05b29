package dev.tenrec.passes.rewrite;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableMultiset;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import java.util.function.Function;
import java.util.function.Supplier;

/** What a rule may know of the graph around the operation that it looks at. */
public interface MatchContext {
  /** The result of the operation that the rule looks at. */
  Value result();

  /** How often a value is read, by operations and as an output of the graph. */
  int uses(Value value);

  /** The symbols that the graph's inputs give a value to. */
  ImmutableSet<Symbol> boundSymbols();

  /** Whether a number is the size of a value in the graph, and so not negative when it runs. */
  boolean isSize(Dim number);

  /** Whether nothing else reads a value that the operation reads. */
  default boolean hasOneUse(Value value) {
    return uses(value) == 1;
  }

  /** The context of a value in a finished graph. */
  static MatchContext of(Graph graph, Value result) {
    return in(graph).apply(result);
  }

  /** The contexts of all values of a finished graph. */
  static Function<Value, MatchContext> in(Graph graph) {
    ImmutableMultiset<Value> uses = graph.uses();
    ImmutableSet<Symbol> symbols = graph.boundSymbols();
    Supplier<ImmutableSet<Dim>> sizes = Suppliers.memoize(graph::sizes);
    return result -> new InGraph(result, uses, symbols, sizes);
  }

  /** The context of a value where everything is counted already. */
  record InGraph(
      Value result,
      ImmutableMultiset<Value> counts,
      ImmutableSet<Symbol> boundSymbols,
      Supplier<ImmutableSet<Dim>> sizes)
      implements MatchContext {
    @Override
    public int uses(Value value) {
      return counts.count(value);
    }

    @Override
    public boolean isSize(Dim number) {
      return sizes.get().contains(number);
    }
  }
}
