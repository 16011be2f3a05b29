package dev.tenrec.passes.rewrite;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * How often values are read while a graph is being rewritten. What nobody reads any more does not
 * read its operands either.
 */
final class UseCounts {
  private final Map<Value, Integer> counts = new HashMap<>();

  UseCounts(Graph graph) {
    graph.nodes().forEach(node -> node.op().operands().forEach(this::increment));
    graph.outputs().forEach(output -> increment(output.value()));
  }

  private void increment(Value value) {
    counts.merge(value, 1, Integer::sum);
  }

  int of(Value value) {
    return counts.getOrDefault(value, 0);
  }

  /** Lets {@code now} stand for {@code old}, which computes the same from the same operands. */
  void rename(Value old, Value now) {
    Integer count = counts.remove(old);
    if (count != null) {
      counts.put(now, count);
    }
  }

  /**
   * Lets whoever reads {@code old} read {@code now} instead.
   *
   * @return the nodes that nobody reads any more
   */
  List<Node> replace(Value old, Value now) {
    int readers = of(old);
    acquire(now, readers);
    counts.remove(old);
    return release(old);
  }

  private void acquire(Value value, int readers) {
    Deque<Value> revived = new ArrayDeque<>();
    acquire(value, readers, revived);
    while (!revived.isEmpty()) {
      Optional<Node> producer = revived.pop().producer();
      producer.ifPresent(
          node -> node.op().operands().forEach(operand -> acquire(operand, 1, revived)));
    }
  }

  private void acquire(Value value, int readers, Deque<Value> revived) {
    if (isUnread(value)) {
      revived.push(value);
    }
    counts.merge(value, readers, Integer::sum);
  }

  private boolean isUnread(Value value) {
    return value
        .producer()
        .map(node -> node.results().stream().allMatch(result -> of(result) == 0))
        .orElse(false);
  }

  private List<Node> release(Value unread) {
    List<Node> dead = new ArrayList<>();
    Deque<Value> waiting = new ArrayDeque<>();
    waiting.push(unread);
    while (!waiting.isEmpty()) {
      Value value = waiting.pop();
      if (!isUnread(value)) {
        continue;
      }
      Node node = value.producer().orElseThrow();
      dead.add(node);
      for (Value operand : node.op().operands()) {
        if (counts.merge(operand, -1, Integer::sum) == 0) {
          waiting.push(operand);
        }
      }
    }
    return dead;
  }
}
