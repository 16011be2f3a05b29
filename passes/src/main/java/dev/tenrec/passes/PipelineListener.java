package dev.tenrec.passes;

import dev.tenrec.ir.Graph;

/** Watches a pipeline. Verification, dumps and timing are listeners, not code in passes. */
public interface PipelineListener {
  /** The pass is about to run on {@code graph}. */
  default void before(Pass pass, Graph graph) {}

  /** The pass has run; both graphs are equal if it changed nothing. */
  default void after(Pass pass, Graph before, Graph after) {}
}
