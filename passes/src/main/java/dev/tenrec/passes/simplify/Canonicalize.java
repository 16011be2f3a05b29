package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.rewrite.RewriteDriver;
import dev.tenrec.passes.rewrite.Rule;

/** Applies all identities until none applies, so that patterns meet one spelling of each thing. */
public record Canonicalize() implements Pass {
  static final ImmutableList<Rule> RULES =
      ImmutableList.of(
          new FoldSizes(),
          new SimplifyElementwise(),
          new SimplifyActivations(),
          new SimplifyCasts(),
          new SimplifyReductions(),
          new SimplifyReshapes(),
          new SimplifyReshapedOperations(),
          new SimplifyTransposes(),
          new SimplifyBroadcasts(),
          new SimplifySlices(),
          new SimplifyMatMuls(),
          new SimplifyGathers(),
          new SimplifyComparisons());

  @Override
  public String name() {
    return "canonicalize";
  }

  @Override
  public ImmutableList<Rule> rules() {
    return RULES;
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    return new RewriteDriver(RULES).run(graph, context);
  }
}
