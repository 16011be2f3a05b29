package dev.tenrec.passes.check;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** Computes single values over a graph's inputs, each once. */
final class Evaluation {
  private final Map<Value, Tensor> known = new HashMap<>();
  private final ImmutableMap<Symbol, Long> sizes;

  private Evaluation(ImmutableMap<Symbol, Long> sizes) {
    this.sizes = sizes;
  }

  static Evaluation of(Graph graph, Map<String, Tensor> inputs) {
    Evaluation evaluation = new Evaluation(Signature.of(graph).bind(inputs));
    graph.inputs().forEach(input -> evaluation.known.put(input, inputs.get(input.name())));
    return evaluation;
  }

  /** What a value is; empty if it depends on the inputs of a graph inside of an operation. */
  Optional<Tensor> of(Value value) {
    Deque<Value> waiting = new ArrayDeque<>();
    waiting.push(value);
    while (!waiting.isEmpty()) {
      Value next = waiting.peek();
      Optional<Node> producer = next.producer();
      if (known.containsKey(next)) {
        waiting.pop();
      } else if (producer.isEmpty()) {
        return Optional.empty();
      } else {
        ImmutableList<Value> missing =
            producer.get().op().operands().stream()
                .filter(operand -> !known.containsKey(operand))
                .collect(ImmutableList.toImmutableList());
        if (missing.isEmpty()) {
          compute(producer.get());
        } else {
          missing.forEach(waiting::push);
        }
      }
    }
    return Optional.ofNullable(known.get(value));
  }

  private void compute(Node node) {
    ImmutableList<Tensor> operands =
        node.op().operands().stream().map(known::get).collect(ImmutableList.toImmutableList());
    ImmutableList<Tensor> results = Interpreter.evaluate(node.op(), operands, this::size);
    for (int i = 0; i < results.size(); i++) {
      known.put(node.results().get(i), results.get(i));
    }
  }

  private long size(Symbol symbol) {
    Long size = sizes.get(symbol);
    if (size == null) {
      throw new TenrecException(ErrorCode.INTERNAL, "nothing tells the size " + symbol);
    }
    return size;
  }
}
