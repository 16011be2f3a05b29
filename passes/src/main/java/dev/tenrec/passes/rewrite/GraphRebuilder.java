package dev.tenrec.passes.rewrite;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Copies a graph node by node while some of its values are replaced. Nodes whose operands stay the
 * same are shared with the old graph. Not for several threads.
 */
public final class GraphRebuilder {
  private final Graph old;
  private final GraphBuilder builder;
  private final Map<Value, Value> replacements = new HashMap<>();
  private boolean changed;

  public GraphRebuilder(Graph old) {
    this.old = old;
    this.builder = new GraphBuilder(old.name());
    old.inputs().forEach(builder::addInput);
  }

  /** What stands for a value of the old graph in the new one. */
  public Value get(Value value) {
    return replacements.getOrDefault(value, value);
  }

  /** Takes over a node of the old graph, on replaced operands where there are any. */
  public Node keep(Node node) {
    Node current = remapped(node);
    put(node, current);
    return current;
  }

  /** Takes over a node under other names. */
  public void rename(Node node, List<String> names) {
    put(node, remapped(node).named(names));
  }

  /** Puts an operation over values of the new graph in the place of a node. */
  public Node replace(Node node, Op op) {
    Node current = Node.of(op, node.location(), node.names());
    builder.add(current, node.location());
    replace(node.results(), current.results());
    return current;
  }

  /** Lets a value of the new graph stand for one of the old graph. */
  public void replace(Value before, Value after) {
    if (before != after) {
      replacements.put(before, after);
      changed = true;
    }
  }

  private void replace(List<Value> before, List<Value> after) {
    for (int i = 0; i < before.size(); i++) {
      replace(before.get(i), after.get(i));
    }
  }

  /** Adds a node that the old graph does not have, with any new nodes that it reads. */
  public Node add(Node node, Location location) {
    return builder.add(node, location);
  }

  /** Takes over a node that stands for a node of the old graph. */
  void put(Node old, Node current) {
    builder.add(current);
    replace(old.results(), current.results());
  }

  /** Whether a value is an input of the new graph or computed by a node that is in it. */
  boolean contains(Value value) {
    return value.producer().map(builder::contains).orElse(true);
  }

  /** The node on the values that replace its operands: itself if none is replaced. */
  Node remapped(Node node) {
    return readsReplaced(node.op()) ? node.withOperands(operands(node.op())) : node;
  }

  /** The operation on the values that replace its operands: itself if none is replaced. */
  public Op remapped(Op op) {
    return readsReplaced(op) ? op.withOperands(operands(op)) : op;
  }

  private ImmutableList<Value> operands(Op op) {
    return op.operands().stream().map(this::get).collect(ImmutableList.toImmutableList());
  }

  private boolean readsReplaced(Op op) {
    for (Value operand : op.operands()) {
      if (replacements.containsKey(operand)) {
        return true;
      }
    }
    return false;
  }

  /** The new graph; the old one if nothing was replaced. */
  public Graph build() {
    if (!changed) {
      return old;
    }
    old.outputs().forEach(output -> builder.output(output.name(), get(output.value())));
    return builder.build();
  }
}
