package dev.tenrec.passes.rewrite;

import com.google.common.base.Suppliers;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** One walk over a graph, in which each operation is offered to each rule. */
final class RewriteSweep {
  /** More rewrites at one place mean that rules undo each other. */
  private static final int MAX_REWRITES_AT_ONE_PLACE = 100;

  private final Graph old;
  private final ImmutableList<Rule> rules;
  private final PassContext context;
  private final GraphRebuilder rebuilder;
  private final UseCounts uses;
  private final ImmutableSet<Symbol> boundSymbols;
  private final Supplier<ImmutableSet<Dim>> sizes;

  RewriteSweep(Graph old, ImmutableList<Rule> rules, PassContext context) {
    this.old = old;
    this.rules = rules;
    this.context = context;
    this.rebuilder = new GraphRebuilder(old);
    this.uses = new UseCounts(old);
    this.boundSymbols = old.boundSymbols();
    this.sizes = Suppliers.memoize(old::sizes);
  }

  Graph run() {
    for (Node node : old.nodes()) {
      Node current = rebuilder.remapped(node);
      for (int i = 0; i < node.results().size(); i++) {
        uses.rename(node.results().get(i), current.results().get(i));
      }
      if (current.results().size() == 1) {
        rebuilder.replace(node.result(), rewriteAll(current));
      } else {
        rebuilder.put(node, current);
      }
    }
    Graph next = rebuilder.build();
    return next.equals(old) ? old : EliminateDeadCode.in(next);
  }

  /** Applies rules at one place until none applies, and returns what is in the new graph then. */
  private Value rewriteAll(Node node) {
    Value value = node.result();
    List<Location> replaced = new ArrayList<>();
    String lastRule = "";
    Optional<Rewrite> next = rewrite(value, node.location());
    for (int i = 0; next.isPresent(); i++) {
      lastRule = next.get().rule();
      if (i == MAX_REWRITES_AT_ONE_PLACE) {
        throw error("rule '%s' does not end on %s".formatted(lastRule, value), node.location());
      }
      Value now = next.get().value();
      context.applied(lastRule, value, now);
      replaced.addAll(locations(uses.replace(value, now)));
      if (rebuilder.contains(now)) {
        return now;
      }
      value = now;
      next = rewrite(value, node.location());
    }
    return value == node.result()
        ? rebuilder.add(node, node.location()).result()
        : place(value, Location.fused(replaced, lastRule), node.result().name());
  }

  /** Adds a new value under the name of what it replaces. */
  private Value place(Value value, Location location, String name) {
    Node node = value.producer().orElseThrow();
    if (node.results().size() > 1) {
      rebuilder.add(node, location);
      return value;
    }
    Node named = rebuilder.add(Node.of(node.op(), location, List.of(name)), location);
    uses.rename(value, named.result());
    return named.result();
  }

  private static List<Location> locations(List<Node> dead) {
    return Lists.reverse(dead).stream()
        .filter(node -> !(node.op() instanceof Source))
        .map(Node::location)
        .toList();
  }

  private record Rewrite(String rule, Value value) {}

  /** The first replacement that a rule offers and that may be taken. */
  private Optional<Rewrite> rewrite(Value value, Location location) {
    if (!context.mayRewrite() || uses.of(value) == 0) {
      return Optional.empty();
    }
    Op op = value.producer().orElseThrow().op();
    Place place = new Place(value);
    for (Rule rule : rules) {
      Optional<Value> offer = offer(rule, op, place, location);
      if (offer.isPresent()) {
        Optional<String> loss = Replacement.loss(value, offer.get());
        if (loss.isEmpty()) {
          return Optional.of(new Rewrite(rule.name(), offer.get()));
        }
        context.refused(rule.name(), value, loss.get());
      }
    }
    return Optional.empty();
  }

  private Optional<Value> offer(Rule rule, Op op, Place place, Location location) {
    try {
      Optional<Value> offer = rule.rewrite(op, place).filter(value -> value != place.result());
      offer.ifPresent(value -> Replacement.check(place.result(), value));
      return offer;
    } catch (RuntimeException e) {
      String problem = "rule '%s' failed on %s: %s".formatted(rule.name(), op, e.getMessage());
      throw new TenrecException(ErrorCode.INTERNAL, problem, e).at(location);
    }
  }

  private static TenrecException error(String problem, Location location) {
    return new TenrecException(ErrorCode.INTERNAL, problem).at(location);
  }

  private final class Place implements MatchContext {
    private final Value result;

    Place(Value result) {
      this.result = result;
    }

    @Override
    public Value result() {
      return result;
    }

    @Override
    public int uses(Value value) {
      return uses.of(value);
    }

    @Override
    public ImmutableSet<Symbol> boundSymbols() {
      return boundSymbols;
    }

    @Override
    public boolean isSize(Dim number) {
      return sizes.get().contains(number);
    }
  }
}
