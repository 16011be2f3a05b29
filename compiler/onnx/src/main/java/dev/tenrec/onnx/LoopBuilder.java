package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow.Scan;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import java.util.ArrayList;
import java.util.List;

/** Builds a loop: states first, then sequences, then whatever is captured. */
final class LoopBuilder {
  private final GraphBuilder body;
  private final boolean reverse;
  private final List<Value> states = new ArrayList<>();
  private final List<Value> sequences = new ArrayList<>();
  private final List<Value> captures = new ArrayList<>();

  LoopBuilder(String name, boolean reverse) {
    this.body = new GraphBuilder(name);
    this.reverse = reverse;
  }

  /** The state within the body. */
  Value state(String name, Value initial) {
    states.add(initial);
    return body.input(name, initial.type());
  }

  /** One step of a sequence within the body. */
  Value sequence(String name, Value sequence) {
    sequences.add(sequence);
    return body.input(name, stepOf(sequence.type()));
  }

  static TensorType stepOf(TensorType sequence) {
    return sequence.with(new Shape(sequence.shape().dims().subList(1, sequence.rank())));
  }

  /** A value of the outer graph within the body; constants are shared as they are. */
  Value capture(String name, Value value) {
    if (value.constant().isPresent()) {
      return value;
    }
    captures.add(value);
    return body.input(name, value.type());
  }

  void next(String name, Value value) {
    add(name, value);
  }

  void collect(String name, Value value) {
    add(name, value);
  }

  private void add(String name, Value value) {
    value.producer().ifPresent(body::add);
    body.output(name, value);
  }

  Scan scan() {
    return new Scan(
        body.build(),
        ImmutableList.copyOf(states),
        ImmutableList.copyOf(sequences),
        ImmutableList.copyOf(captures),
        reverse);
  }
}
