package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;

/**
 * Relates the types of a nested graph to those outside of it.
 *
 * @param given the types of what the graph's inputs stand for
 */
record BodyTypes(Graph body, ImmutableList<TensorType> given) {
  BodyTypes {
    Typing.check(
        body.inputs().size() == given.size(),
        "the body takes %d values, not %d",
        body.inputs().size(),
        given.size());
    for (int i = 0; i < given.size(); i++) {
      Typing.check(
          given.get(i).isCompatibleWith(body.inputs().get(i).type()),
          "the body takes %s, not %s",
          body.inputs().get(i),
          given.get(i));
    }
  }

  TensorType output(int i) {
    return body.outputs().get(i).value().type();
  }

  /** The type of an output as it is seen from outside. */
  TensorType outside(int output) {
    TensorType inside = output(output);
    return inside.with(
        new Shape(
            inside.shape().dims().stream()
                .map(dim -> dim.substitute(this::outside))
                .collect(ImmutableList.toImmutableList())));
  }

  /** A size of the body in terms of what the inputs stand for, if any of them has it. */
  private Dim outside(Symbol symbol) {
    for (int i = 0; i < given.size(); i++) {
      int axis = body.inputs().get(i).shape().dims().indexOf(symbol);
      if (axis >= 0) {
        return given.get(i).dim(axis);
      }
    }
    return Symbol.fresh();
  }

  /** The type of one step of a sequence along axis 0. */
  static TensorType step(Value sequence) {
    Typing.rankAtLeast(sequence, 1);
    Shape shape = sequence.shape();
    return sequence.type().with(new Shape(shape.dims().subList(1, shape.rank())));
  }

  /** The type of steps one behind the other. */
  static TensorType stacked(Dim count, TensorType step) {
    return step.with(
        new Shape(ImmutableList.<Dim>builder().add(count).addAll(step.shape().dims()).build()));
  }
}
