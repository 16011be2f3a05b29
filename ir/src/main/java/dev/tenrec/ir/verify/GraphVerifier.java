package dev.tenrec.ir.verify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;

/** A list of checks that a graph must pass, nested graphs included. */
public record GraphVerifier(ImmutableList<GraphCheck> checks) {
  /** What holds between any two passes. */
  public static final GraphVerifier WELL_FORMED =
      new GraphVerifier(
          ImmutableList.of(
              new NamesAreUnique(),
              new ValuesAreDefinedBeforeUse(),
              new TypesAreAsInferred(),
              new SizesAreBound()));

  /** Everything that is wrong with a graph, as errors with a place. */
  public ImmutableList<TenrecException> violations(Graph graph) {
    ImmutableList.Builder<TenrecException> violations = ImmutableList.builder();
    for (GraphCheck check : checks) {
      check.check(
          graph,
          (location, problem) ->
              violations.add(
                  new TenrecException(ErrorCode.INTERNAL, problem + "; but " + check.property())
                      .at(location)));
    }
    for (Node node : graph.nodes()) {
      if (node.op() instanceof ControlFlow flow) {
        flow.bodies().forEach(body -> violations.addAll(violations(body)));
      }
    }
    return violations.build();
  }

  /**
   * Passes if nothing is wrong.
   *
   * @throws TenrecException the first violation
   */
  public void verify(Graph graph) {
    for (TenrecException violation : violations(graph)) {
      throw violation;
    }
  }
}
