package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.sub;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/**
 * One step of a recurrent operator. The formulas are those of ONNX's operators RNN, GRU and LSTM.
 */
sealed interface RecurrentCell {
  /** How many blocks of rows the weights have. */
  int gates();

  /** The hidden state, and the cell state of an LSTM. */
  int states();

  List<String> defaultActivations();

  /** Whether the bias of the recurrent part is added within a step, not beforehand. */
  default boolean biasInside() {
    return false;
  }

  /** The next states. */
  List<Value> next(Step step);

  /**
   * What a step sees.
   *
   * @param x the input times its weights, biases included, [N, gates H]
   * @param states each [N, H]
   * @param weights of the recurrent part, [gates H, H]
   * @param bias of the recurrent part, if it was not added to x, [gates H]
   * @param peepholes of an LSTM, [3 H]
   */
  record Step(
      long hidden,
      Value x,
      List<Value> states,
      Value weights,
      Optional<Value> bias,
      Optional<Value> peepholes,
      List<UnaryOperator<Value>> activations) {
    Value gate(int i) {
      return part(x, 1, i, i + 1);
    }

    /** h times some blocks of the recurrent weights. */
    Value recurrent(Value h, int from, int to) {
      return new MatMul(h, part(weights, 0, from, to), false, true).value();
    }

    Value part(Value matrix, int axis, int from, int to) {
      return TensorParts.slice(matrix, axis, from * hidden, to * hidden);
    }

    Value activate(int i, Value argument) {
      return activations.get(i).apply(argument);
    }
  }

  /** H = f(x + h R). */
  record Rnn() implements RecurrentCell {
    @Override
    public int gates() {
      return 1;
    }

    @Override
    public int states() {
      return 1;
    }

    @Override
    public List<String> defaultActivations() {
      return List.of("Tanh");
    }

    @Override
    public List<Value> next(Step step) {
      Value h = step.states().getFirst();
      return List.of(step.activate(0, add(step.x(), step.recurrent(h, 0, 1))));
    }
  }

  /**
   * z = f(x + h R), r = f(x + h R), H = (1 - z) g(x + (r h) R) + z h; gates in the order z, r, h.
   */
  record Gru(boolean linearBeforeReset) implements RecurrentCell {
    @Override
    public int gates() {
      return 3;
    }

    @Override
    public int states() {
      return 1;
    }

    @Override
    public List<String> defaultActivations() {
      return List.of("Sigmoid", "Tanh");
    }

    @Override
    public boolean biasInside() {
      return linearBeforeReset;
    }

    @Override
    public List<Value> next(Step step) {
      Value h = step.states().getFirst();
      Value update = step.activate(0, add(step.gate(0), biased(step, h, 0)));
      Value reset = step.activate(0, add(step.gate(1), biased(step, h, 1)));
      Value recurrent =
          linearBeforeReset ? mul(reset, biased(step, h, 2)) : biased(step, mul(reset, h), 2);
      Value candidate = step.activate(1, add(step.gate(2), recurrent));
      Value one = number(candidate, 1);
      Value kept = mul(update, h);
      return List.of(add(mul(sub(one, update), candidate), kept));
    }

    private static Value biased(Step step, Value h, int gate) {
      Value product = step.recurrent(h, gate, gate + 1);
      return step.bias()
          .map(bias -> add(product, step.part(bias, 0, gate, gate + 1)))
          .orElse(product);
    }
  }

  /** C = f c + i g(x + h R), H = o h(C); gates in the order i, o, f, c. */
  record Lstm(boolean coupled) implements RecurrentCell {
    @Override
    public int gates() {
      return 4;
    }

    @Override
    public int states() {
      return 2;
    }

    @Override
    public List<String> defaultActivations() {
      return List.of("Sigmoid", "Tanh", "Tanh");
    }

    @Override
    public List<Value> next(Step step) {
      Value c = step.states().get(1);
      Value all = add(step.x(), step.recurrent(step.states().getFirst(), 0, 4));
      Value input = step.activate(0, peeping(step, step.part(all, 1, 0, 1), c, 0));
      Value forget =
          coupled
              ? sub(number(input, 1), input)
              : step.activate(0, peeping(step, step.part(all, 1, 2, 3), c, 2));
      Value candidate = step.activate(1, step.part(all, 1, 3, 4));
      Value cell = add(mul(forget, c), mul(input, candidate));
      Value output = step.activate(0, peeping(step, step.part(all, 1, 1, 2), cell, 1));
      return List.of(mul(output, step.activate(2, cell)), cell);
    }

    private static Value peeping(Step step, Value gate, Value cell, int i) {
      return step.peepholes()
          .map(weights -> add(gate, mul(step.part(weights, 0, i, i + 1), cell)))
          .orElse(gate);
    }
  }
}
