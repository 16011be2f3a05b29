package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Optional;

/** Operations that hold graphs. Such a graph sees nothing but its inputs. */
public sealed interface ControlFlow extends Op {

  /** The graphs that this holds. */
  ImmutableList<Graph> bodies();

  /**
   * The same operation with other graphs.
   *
   * @param bodies as many as {@link #bodies} gives
   */
  ControlFlow withBodies(ImmutableList<Graph> bodies);

  /**
   * Runs one of two graphs. Both take the captured values and give results of the same element
   * types and ranks; sizes that differ are open.
   *
   * @param condition bool scalar
   */
  record If(Graph thenBranch, Graph elseBranch, Value condition, ImmutableList<Value> captures)
      implements ControlFlow {
    @Override
    public ImmutableList<Graph> bodies() {
      return ImmutableList.of(thenBranch, elseBranch);
    }

    @Override
    public If withBodies(ImmutableList<Graph> bodies) {
      return new If(bodies.get(0), bodies.get(1), condition, captures);
    }

    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.<Value>builder().add(condition).addAll(captures).build();
    }

    @Override
    public If withOperands(ImmutableList<Value> operands) {
      return new If(
          thenBranch, elseBranch, operands.getFirst(), operands.subList(1, operands.size()));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.scalar(condition, ElementType.BOOL);
      ImmutableList<TensorType> given = types(captures);
      BodyTypes yes = new BodyTypes(thenBranch, given);
      BodyTypes no = new BodyTypes(elseBranch, given);
      int count = thenBranch.outputs().size();
      Typing.check(
          count == elseBranch.outputs().size() && count > 0,
          "the branches give %d and %d values",
          count,
          elseBranch.outputs().size());
      ImmutableList.Builder<TensorType> types = ImmutableList.builder();
      for (int i = 0; i < count; i++) {
        types.add(either(yes.outside(i), no.outside(i)));
      }
      return types.build();
    }

    private static TensorType either(TensorType a, TensorType b) {
      Typing.check(
          a.elementType() == b.elementType() && a.rank() == b.rank(),
          "the branches give values of types %s and %s",
          a,
          b);
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      for (int axis = 0; axis < a.rank(); axis++) {
        dims.add(a.dim(axis).equals(b.dim(axis)) ? a.dim(axis) : Symbol.fresh());
      }
      return a.with(new Shape(dims.build()));
    }
  }

  /**
   * Runs a graph again and again, handing states from turn to turn, until a number of turns is
   * reached or a condition is false.
   *
   * <p>The body's inputs are the number of the turn (int64 scalar, from 0), the states and the
   * captured values. Its outputs are whether to go on (bool scalar, only if there is a condition),
   * the next states and one step of each collected sequence. The results are the last states and
   * the collected sequences, along a new axis 0. Sizes of states may change from turn to turn where
   * the body's input leaves them open.
   *
   * @param limit the number of turns, int64 scalar; none for no limit
   * @param condition whether there is a first turn, bool scalar; none if only the limit counts
   */
  record Loop(
      Graph body,
      Optional<Value> limit,
      Optional<Value> condition,
      ImmutableList<Value> states,
      ImmutableList<Value> captures)
      implements ControlFlow {
    @Override
    public ImmutableList<Graph> bodies() {
      return ImmutableList.of(body);
    }

    @Override
    public Loop withBodies(ImmutableList<Graph> bodies) {
      return new Loop(bodies.getFirst(), limit, condition, states, captures);
    }

    @Override
    public ImmutableList<Value> operands() {
      ImmutableList.Builder<Value> operands = ImmutableList.builder();
      limit.ifPresent(operands::add);
      condition.ifPresent(operands::add);
      return operands.addAll(states).addAll(captures).build();
    }

    @Override
    public Loop withOperands(ImmutableList<Value> operands) {
      int afterLimit = limit.isPresent() ? 1 : 0;
      int afterCondition = afterLimit + (condition.isPresent() ? 1 : 0);
      int afterStates = afterCondition + states.size();
      return new Loop(
          body,
          limit.map(_ -> operands.getFirst()),
          condition.map(_ -> operands.get(afterLimit)),
          operands.subList(afterCondition, afterStates),
          operands.subList(afterStates, operands.size()));
    }

    /** The position of the first next state among the body's outputs. */
    public int firstState() {
      return condition.isPresent() ? 1 : 0;
    }

    /** The position of the first step among the body's outputs. */
    public int firstStep() {
      return firstState() + states.size();
    }

    /** Whether a state's size along an axis is the same in each turn. */
    public boolean isInvariant(int state, int axis) {
      Dim next = body.outputs().get(firstState() + state).value().dim(axis);
      return next.equals(body.inputs().get(1 + state).dim(axis));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      limit.ifPresent(value -> Typing.scalar(value, ElementType.INT64));
      condition.ifPresent(value -> Typing.scalar(value, ElementType.BOOL));
      Typing.check(limit.isPresent() || condition.isPresent(), "nothing ends the loop");
      int outputs = body.outputs().size();
      Typing.check(
          body.inputs().size() == 1 + states.size() + captures.size() && outputs >= firstStep(),
          "the body has %d inputs and %d outputs",
          body.inputs().size(),
          outputs);
      condition.ifPresent(_ -> Typing.scalar(body.outputs().get(0).value(), ElementType.BOOL));
      ImmutableList.Builder<TensorType> given = ImmutableList.builder();
      given.add(TensorType.of(ElementType.INT64));
      ImmutableList.Builder<TensorType> types = ImmutableList.builder();
      for (int i = 0; i < states.size(); i++) {
        TensorType type = state(i);
        given.add(type);
        types.add(type);
      }
      BodyTypes inside = new BodyTypes(body, given.addAll(types(captures)).build());
      for (int i = firstStep(); i < outputs; i++) {
        types.add(BodyTypes.stacked(turns(), inside.outside(i)));
      }
      return types.build();
    }

    private TensorType state(int i) {
      TensorType first = states.get(i).type();
      TensorType inside = body.inputs().get(1 + i).type();
      TensorType next = body.outputs().get(firstState() + i).value().type();
      Typing.check(
          first.isCompatibleWith(inside) && next.isCompatibleWith(inside),
          "state %s is %s in the body and becomes %s",
          states.get(i),
          inside,
          next);
      Shape shape = first.shape();
      for (int axis = 0; axis < first.rank(); axis++) {
        shape = isInvariant(i, axis) ? shape : shape.with(axis, Symbol.fresh());
      }
      return first.with(shape);
    }

    private Dim turns() {
      return limit
          .filter(_ -> condition.isEmpty())
          .flatMap(Value::content)
          .map(content -> Dim.max(content.getFirst(), Fixed.ZERO))
          .orElseGet(Symbol::fresh);
    }
  }

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
    public ImmutableList<Graph> bodies() {
      return ImmutableList.of(body);
    }

    @Override
    public Scan withBodies(ImmutableList<Graph> bodies) {
      return new Scan(bodies.getFirst(), states, sequences, captures, reverse);
    }

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
      Typing.check(!sequences.isEmpty(), "no sequence tells the number of steps");
      int outputs = body.outputs().size();
      Typing.check(outputs >= states.size(), "the body gives back %d values", outputs);
      ImmutableList.Builder<TensorType> given = ImmutableList.builder();
      given.addAll(types(states));
      sequences.forEach(sequence -> given.add(BodyTypes.step(sequence)));
      BodyTypes inside = new BodyTypes(body, given.addAll(types(captures)).build());
      ImmutableList.Builder<TensorType> types = ImmutableList.builder();
      for (int i = 0; i < states.size(); i++) {
        Typing.check(
            inside.output(i).isCompatibleWith(states.get(i).type()),
            "state %s becomes %s",
            states.get(i),
            inside.output(i));
        types.add(states.get(i).type());
      }
      for (int i = states.size(); i < outputs; i++) {
        types.add(BodyTypes.stacked(sequences.getFirst().dim(0), inside.outside(i)));
      }
      return types.build();
    }
  }

  private static ImmutableList<TensorType> types(ImmutableList<Value> values) {
    return values.stream().map(Value::type).collect(ImmutableList.toImmutableList());
  }
}
