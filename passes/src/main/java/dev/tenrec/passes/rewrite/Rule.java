package dev.tenrec.passes.rewrite;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import java.util.Optional;

/**
 * A function from an operation to an equal value that is cheaper or simpler. Implement it as a
 * record without state; the driver does everything to the graph.
 *
 * <p>A rule is also a pass that applies itself wherever it can.
 */
public interface Rule extends Pass {
  /**
   * A value to put in the place of the operation's result: one that the operation reads, directly
   * or not, or a new one over such values. It has the same element type and rank, and its shape is
   * known at least as well.
   *
   * @param op an operation with one result
   */
  Optional<Value> rewrite(Op op, MatchContext context);

  @Override
  default ImmutableList<Rule> rules() {
    return ImmutableList.of(this);
  }

  @Override
  default Graph run(Graph graph, PassContext context) {
    return new RewriteDriver(ImmutableList.of(this)).run(graph, context);
  }
}
