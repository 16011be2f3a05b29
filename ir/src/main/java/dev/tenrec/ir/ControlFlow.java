package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;

/** Operations that hold graphs. Such a graph sees nothing but its inputs. */
public sealed interface ControlFlow extends Op {

  /**
   * Runs a graph once per step of some sequences, handing states from step to step.
   *
   * <p>The body's inputs are the states, one step of each sequence, and the captured values; its
   * outputs are the next states and one step of each collected sequence. The results are the last
   * states and the collected sequences. Sequences run along axis 0.
   *
   * @param states initial states, of the same types as the body's
   * @param sequences of equal length
   * @param captures values that are the same in each step
   * @param reverse whether sequences are read and collected from the end
   */
  record Scan(
      Graph body,
      ImmutableList<Value> states,
      ImmutableList<Value> sequences,
      ImmutableList<Value> captures,
      boolean reverse)
      implements ControlFlow {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.<Value>builder()
          .addAll(states)
          .addAll(sequences)
          .addAll(captures)
          .build();
    }

    @Override
    public Scan withOperands(ImmutableList<Value> operands) {
      int afterSequences = states.size() + sequences.size();
      return new Scan(
          body,
          operands.subList(0, states.size()),
          operands.subList(states.size(), afterSequences),
          operands.subList(afterSequences, operands.size()),
          reverse);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.check(
          body.inputs().size() == operands().size() && body.outputs().size() >= states.size(),
          "the body takes %d values, not %d",
          body.inputs().size(),
          operands().size());
      Typing.check(!sequences.isEmpty(), "no sequence tells the number of steps");
      for (int i = 0; i < operands().size(); i++) {
        checkInput(i);
      }
      for (int i = 0; i < states.size(); i++) {
        TensorType next = body.outputs().get(i).value().type();
        Typing.check(
            next.isCompatibleWith(states.get(i).type()),
            "state %s becomes %s",
            states.get(i),
            next);
      }
      ImmutableList.Builder<TensorType> types = ImmutableList.builder();
      for (int i = 0; i < body.outputs().size(); i++) {
        TensorType step = body.outputs().get(i).value().type();
        types.add(i < states.size() ? states.get(i).type() : stacked(step));
      }
      return types.build();
    }

    private boolean isSequence(int operand) {
      return operand >= states.size() && operand < states.size() + sequences.size();
    }

    private void checkInput(int i) {
      Value operand = operands().get(i);
      TensorType type = operand.type();
      if (isSequence(i)) {
        Typing.rankAtLeast(operand, 1);
        type = type.with(new Shape(type.shape().dims().subList(1, type.rank())));
      }
      Typing.check(
          type.isCompatibleWith(body.inputs().get(i).type()),
          "the body takes %s, not a step of %s",
          body.inputs().get(i),
          operand);
    }

    private TensorType stacked(TensorType step) {
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      dims.add(sequences.getFirst().dim(0));
      for (Dim dim : step.shape().dims()) {
        dims.add(dim.symbols().isEmpty() ? dim : outer(dim));
      }
      return step.with(new Shape(dims.build()));
    }

    /** A size of the body in terms of the operands that its inputs stand for. */
    private Dim outer(Dim dim) {
      return dim.substitute(symbol -> {
        for (int i = 0; i < body.inputs().size(); i++) {
          int axis = body.inputs().get(i).shape().dims().indexOf(symbol);
          if (axis >= 0) {
            return operands().get(i).dim(isSequence(i) ? axis + 1 : axis);
          }
        }
        return Symbol.fresh();
      });
    }
  }
}
