package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** Builds a {@link Graph} front to back. Not for several threads. */
public final class GraphBuilder {
  private final String name;
  private final List<Value> inputs = new ArrayList<>();
  private final List<Node> nodes = new ArrayList<>();
  private final List<Graph.Output> outputs = new ArrayList<>();
  private final Set<Node> present = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Set<String> inputNames = new HashSet<>();
  private final Set<String> outputNames = new HashSet<>();

  public GraphBuilder(String name) {
    this.name = name;
  }

  public Value input(String inputName, TensorType type) {
    Value input = Value.input(inputName, type);
    addInput(input);
    return input;
  }

  /** Takes over an input of another graph, so that its nodes can be shared. */
  public void addInput(Value input) {
    if (!inputNames.add(input.name())) {
      throw new TenrecException(
          ErrorCode.INVALID_MODEL, "two inputs are named '%s'".formatted(input.name()));
    }
    inputs.add(input);
  }

  /** Adds an operation and returns its only result. */
  public Value add(Op op) {
    return add(Node.of(op)).result();
  }

  /** Adds a node after any nodes that compute its operands and are not yet here. */
  public Node add(Node node) {
    return add(node, Location.UNKNOWN);
  }

  /** As {@link #add(Node)}; nodes without a location get the given one. */
  public Node add(Node node, Location location) {
    Deque<Node> waiting = new ArrayDeque<>();
    waiting.push(node);
    while (!waiting.isEmpty()) {
      Node next = waiting.peek();
      int before = waiting.size();
      if (!present.contains(next)) {
        for (Value operand : next.op().operands()) {
          operand.producer().filter(p -> !present.contains(p)).ifPresent(waiting::push);
        }
      }
      if (waiting.size() == before) {
        waiting.pop();
        if (present.add(next)) {
          next.locate(location);
          nodes.add(next);
        }
      }
    }
    return node;
  }

  public void output(String outputName, Value value) {
    if (!outputNames.add(outputName)) {
      throw new TenrecException(
          ErrorCode.INVALID_MODEL, "two outputs are named '%s'".formatted(outputName));
    }
    outputs.add(new Graph.Output(outputName, value));
  }

  /** Whether a node was added. */
  public boolean contains(Node node) {
    return present.contains(node);
  }

  /** The inputs added so far. */
  public List<Value> inputs() {
    return Collections.unmodifiableList(inputs);
  }

  /** The nodes added so far. */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  public Graph build() {
    return new Graph(
        name,
        ImmutableList.copyOf(inputs),
        ImmutableList.copyOf(nodes),
        ImmutableList.copyOf(outputs));
  }
}
