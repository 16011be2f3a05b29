package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Graph;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.simplify.EliminateDeadCode;

/**
 * Computes in a type of TensorRT's wherever the model has another: small integers in int32, uint32
 * and uint64 in int64, float64 and the floats of 8 bits and less in float32. Inputs and outputs of
 * the graph keep their types; a cast stands behind each such input and in front of each such
 * output, and nothing else reads or makes the model's types.
 *
 * <p>Integers are wrapped to the model's type where an operation depends on more than their low
 * bits and they may have left the range. What is not the same for all numbers is refused, unless
 * narrowing is allowed: float64 in which more is done than to move and compare numbers that a
 * float32 holds, and uint64 from 2^63 on where more is needed than the bits.
 *
 * @param allowNarrowing whether float64 may be computed in float32, and uint64 in int64
 */
public record AssignTargetTypes(boolean allowNarrowing) implements Pass {
  @Override
  public String name() {
    return "assign-target-types";
  }

  /** Types change at the borders of bodies too, together with the operation that holds them. */
  @Override
  public boolean runsInBodies() {
    return false;
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return Retyping.isNeeded(graph)
        ? EliminateDeadCode.in(new Retyping(graph, new Narrowing(allowNarrowing)).model())
        : graph;
  }
}
