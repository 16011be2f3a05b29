package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.tensor.Tensor;

/**
 * An operation defined outside Tenrec. It brings its own meaning, and an expansion into Tenrec's
 * operations for every backend that does not know it.
 *
 * <p>Implement it as a record, so that equal operations are found.
 */
public non-sealed interface CustomOp extends Op {
  /** The operation's name in the textual form and in errors, for example {@code acme.Rotate}. */
  String name();

  /** The results for concrete operands. */
  ImmutableList<Tensor> interpret(ImmutableList<Tensor> operands);

  /** Values over {@link #operands} that are equal to the results. */
  ImmutableList<Value> expand();
}
