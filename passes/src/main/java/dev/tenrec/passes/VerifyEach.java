package dev.tenrec.passes;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.verify.GraphVerifier;

/** Verifies what each pass makes, and that it keeps the model's inputs and outputs. */
public record VerifyEach() implements PipelineListener {
  @Override
  public void after(Pass pass, Graph before, Graph after) {
    if (before.equals(after)) {
      return;
    }
    try {
      GraphVerifier.WELL_FORMED.verify(after);
      if (!before.inputs().equals(after.inputs()) || !sameOutputs(before, after)) {
        throw new TenrecException(ErrorCode.INTERNAL, "the graph takes or gives something else");
      }
    } catch (TenrecException e) {
      String problem = "pass '%s' broke the graph: %s".formatted(pass.name(), e.problem());
      throw new TenrecException(ErrorCode.INTERNAL, problem, e).at(e.location());
    }
  }

  private static boolean sameOutputs(Graph before, Graph after) {
    boolean same = before.outputs().size() == after.outputs().size();
    for (int i = 0; same && i < before.outputs().size(); i++) {
      Graph.Output expected = before.outputs().get(i);
      Graph.Output actual = after.outputs().get(i);
      same =
          expected.name().equals(actual.name())
              && expected.value().elementType() == actual.value().elementType()
              && expected.value().rank() == actual.value().rank();
    }
    return same;
  }
}
