package dev.tenrec.passes.precision;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.PassOptions;
import java.util.stream.Stream;

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
      throw unknown(low.text());
    }
  }

  @Override
  public String name() {
    return "assign-precision";
  }

  @Override
  public ImmutableMap<String, String> options() {
    return ImmutableMap.of("low", low.text());
  }

  @Override
  public AssignPrecision with(PassOptions options) {
    return options.text("low").map(AssignPrecision::of).orElse(this);
  }

  private static AssignPrecision of(String low) {
    return Stream.of(ElementType.FLOAT16, ElementType.BFLOAT16)
        .filter(type -> type.text().equals(low))
        .map(AssignPrecision::new)
        .findFirst()
        .orElseThrow(() -> unknown(low));
  }

  private static TenrecException unknown(String low) {
    return new TenrecException(
        ErrorCode.INVALID_ARGUMENT, "precision %s is neither float16 nor bfloat16".formatted(low));
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
