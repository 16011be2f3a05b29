package dev.tenrec.passes;

import dev.tenrec.passes.simplify.EliminateCommonSubexpressions;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import dev.tenrec.passes.simplify.FoldConstants;
import dev.tenrec.passes.simplify.FoldSizes;

/** The passes that every model goes through. */
final class StandardPipeline {
  private StandardPipeline() {}

  static Pipeline create() {
    return Pipeline.of(
        new EliminateDeadCode(),
        new FoldSizes(),
        new FoldConstants(),
        new EliminateCommonSubexpressions());
  }
}
