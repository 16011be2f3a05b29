package dev.tenrec.passes;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.rewrite.Rule;

/**
 * A step from one valid graph to another that computes the same from the same inputs.
 *
 * <p>Implement it as a record whose components are its options. A pass sees one graph at a time;
 * {@link Pipeline} brings it to the graphs inside of operations first, unless it does not want to.
 */
public interface Pass {
  /** A short name in lower case, for example {@code canonicalize}. */
  String name();

  /** The options that are not as in the pass that {@link #with} starts from, in a fixed order. */
  default ImmutableMap<String, String> options() {
    return ImmutableMap.of();
  }

  /** This pass with options from a pipeline's text; it asks for those that it has. */
  default Pass with(PassOptions options) {
    return this;
  }

  /** The rules that the pass applies, if it is made of rules. */
  default ImmutableList<Rule> rules() {
    return ImmutableList.of();
  }

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
