package dev.tenrec.passes;

import dev.tenrec.passes.fuse.FuseOperations;
import dev.tenrec.passes.simplify.BindConstants;
import dev.tenrec.passes.simplify.Canonicalize;
import dev.tenrec.passes.simplify.EliminateCommonSubexpressions;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import dev.tenrec.passes.simplify.FoldConstants;
import dev.tenrec.passes.simplify.NameValues;
import dev.tenrec.passes.simplify.SimplifyLayout;

/** The passes that every model goes through. */
final class StandardPipeline {
  private StandardPipeline() {}

  static Pipeline create() {
    return Pipeline.of(
        new EliminateDeadCode(),
        // Before constants are folded, so that a transposed weight becomes a flag and no copy.
        new Canonicalize(),
        new FoldConstants(),
        new BindConstants(),
        new Canonicalize(),
        // Patterns take the same value twice for one, not two equal ones.
        new EliminateCommonSubexpressions(),
        new FuseOperations(),
        new FoldConstants(),
        new SimplifyLayout(),
        new EliminateCommonSubexpressions(),
        // What was told of sizes only now.
        new FuseOperations(),
        new SimplifyLayout(),
        new EliminateCommonSubexpressions(),
        new NameValues());
  }
}
