package dev.tenrec.passes.precision;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Maps;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Map;

/**
 * For each value that an operation on float32 computes, in which type that happens and why.
 *
 * @param rows in the order of the graph; prints as a table
 */
public record PrecisionPlan(ImmutableMap<Value, Row> rows) {

  /**
   * A decision.
   *
   * @param computed the type in which the operation reads and computes
   * @param seen the type in which operations that follow their operands see the value
   * @param reason why, as a phrase
   */
  public record Row(ElementType computed, ElementType seen, String reason) {}

  /** The type in which each value is computed. */
  public ImmutableMap<Value, ElementType> types() {
    return ImmutableMap.copyOf(Maps.transformValues(rows, Row::computed));
  }

  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder(
            "%-40s %-14s %-10s %-10s %s%n"
                .formatted("value", "operation", "computed", "seen as", "because"));
    for (Map.Entry<Value, Row> entry : rows.entrySet()) {
      Row row = entry.getValue();
      String operation = entry.getKey().producer().map(node -> label(node.op())).orElse("input");
      table.append(
          "%-40s %-14s %-10s %-10s %s%n"
              .formatted(
                  entry.getKey().name(),
                  operation,
                  row.computed().text(),
                  row.seen().text(),
                  row.reason()));
    }
    return table.toString();
  }

  /** The kind of an operation, as the table names it. */
  public static String label(Op op) {
    return switch (op) {
      case Elementwise.Unary unary -> unary.kind().name();
      case Elementwise.Binary binary -> binary.kind().name();
      case Elementwise.Activation activation -> activation.kind().name();
      case Reduction.Reduce reduce -> "REDUCE_" + reduce.kind();
      default -> op.getClass().getSimpleName();
    };
  }
}
