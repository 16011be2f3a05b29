package dev.tenrec.passes;

import dev.tenrec.ir.Graph;

/**
 * A step from one valid graph to another that computes the same from the same inputs.
 *
 * <p>Implement it as a record whose components are its options. A pass sees one graph at a time;
 * {@link Pipeline} brings it to the graphs inside of operations first, unless it does not want to.
 */
public interface Pass {
  /** A short name in lower case, for example {@code fold-constants}. */
  String name();

  /**
   * The graph after this pass, the same object if nothing changed. Names, order and element types
   * of inputs and outputs stay.
   */
  Graph run(Graph graph, PassContext context);

  /** Whether {@link Pipeline} brings the pass to the graphs inside of operations too. */
  default boolean runsInBodies() {
    return true;
  }
}
