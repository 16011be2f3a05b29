package dev.tenrec.passes.precision;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;

/**
 * Computes in 16 bits what tolerates it. Inputs and outputs of the graph keep their types;
 * constants are converted at once; casts stand where types change, and never two in a row.
 *
 * <p>Recurrences stay in float32: their roundings add up from step to step.
 *
 * @param low float16 or bfloat16
 */
public record AssignPrecision(ElementType low) implements Pass {
  public AssignPrecision {
    if (low != ElementType.FLOAT16 && low != ElementType.BFLOAT16) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT,
          "precision %s is neither float16 nor bfloat16".formatted(low.text()));
    }
  }

  @Override
  public String name() {
    return "assign-precision-" + low.text();
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  /** The decisions alone, for the graph as it is. */
  public PrecisionPlan plan(Graph graph) {
    return new PlanPrecision(low).plan(graph);
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return new ApplyPrecision(graph, plan(graph), low).run();
  }
}
