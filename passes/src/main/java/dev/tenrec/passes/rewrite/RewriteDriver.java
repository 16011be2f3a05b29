package dev.tenrec.passes.rewrite;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.PassContext;

/**
 * Applies rules everywhere until none applies. Sweeps over the graph from its inputs to its
 * outputs; each sweep takes time linear in the number of nodes.
 *
 * @param rules tried in this order at each operation
 */
public record RewriteDriver(ImmutableList<Rule> rules) {
  /** Rules that move operations towards the inputs need a sweep per step; what is left stays. */
  private static final int MAX_SWEEPS = 64;

  /**
   * The graph after all rewrites; the same object if no rule applies.
   *
   * @throws dev.tenrec.ir.diagnostic.TenrecException naming the rule and the operation, if a rule
   *     fails, offers something of another type, or does not end
   */
  public Graph run(Graph graph, PassContext context) {
    Graph current = graph;
    for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
      Graph next = new RewriteSweep(current, rules, context).run();
      if (next.equals(current)) {
        break;
      }
      current = next;
    }
    return current;
  }
}
