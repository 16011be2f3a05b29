package dev.tenrec.passes.quantize.weights;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;

/**
 * Which weights are read in few bits, how and why. Prints as a table.
 *
 * @param rows in the order of the graph
 */
public record WeightPlan(ImmutableList<Row> rows) {

  /**
   * A decision about weights.
   *
   * @param name of the weights
   * @param weights a constant matrix, or several
   * @param transposed whether the products read it with its last two axes exchanged
   * @param readers the products
   * @param block how many weights of an output share a scale; 0 if the weights stay as they are
   * @param method how the numbers are chosen
   * @param reason why, as a phrase
   */
  public record Row(
      String name,
      Value weights,
      boolean transposed,
      ImmutableList<Node> readers,
      int block,
      WeightMethod method,
      String reason) {
    boolean isQuantized() {
      return block > 0;
    }
  }

  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder(
            "%-40s %-18s %-6s %-6s %s%n"
                .formatted("weights", "type", "block", "method", "because"));
    for (Row row : rows) {
      table.append(
          "%-40s %-18s %-6s %-6s %s%n"
              .formatted(
                  row.name(),
                  row.weights().type(),
                  row.isQuantized() ? row.block() : "-",
                  row.isQuantized() ? row.method() : "-",
                  row.reason()));
    }
    return table.toString();
  }
}
