package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.Locale;

/**
 * What is read in few bits, by whom, how and why; and what could be, and is not. Prints as a table.
 *
 * @param regions all that could be quantized, in the order of the graph
 */
public record QuantizationPlan(ImmutableList<Region> regions, ImmutableList<Row> rows) {

  /** How a value is read. */
  public sealed interface Decision {
    /** As multiples of one scale. */
    record Activation(ElementType type, double scale) implements Decision {}

    /** As multiples of a scale for each position along an axis, or of one if there is no axis. */
    record Weights(ElementType type, int axis) implements Decision {}

    /** As it is. */
    record Floating() implements Decision {}
  }

  /**
   * A decision.
   *
   * @param name of the value, or of the region that stays as it is
   * @param readings where the value is read so, none for a region; a value may have several rows
   * @param reason why, as a phrase
   */
  public record Row(
      String name, Value value, Decision decision, ImmutableSet<Reading> readings, String reason) {}

  /** The regions that are computed in few bits. */
  public ImmutableList<Region> quantized() {
    ImmutableSet<Reading> read =
        rows.stream()
            .filter(row -> !(row.decision() instanceof Decision.Floating))
            .flatMap(row -> row.readings().stream())
            .collect(ImmutableSet.toImmutableSet());
    return regions.stream()
        .filter(region -> read.contains(region.weights()))
        .collect(ImmutableList.toImmutableList());
  }

  /** The regions that stay as they are, each with the reason. */
  public ImmutableList<Row> left() {
    return rows.stream()
        .filter(row -> row.readings().isEmpty())
        .collect(ImmutableList.toImmutableList());
  }

  @Override
  public String toString() {
    StringBuilder table =
        new StringBuilder(
            "%-40s %-13s %-20s %s%n".formatted("value", "read as", "scale", "because"));
    for (Row row : rows) {
      table.append(
          "%-40s %-13s %-20s %s%n"
              .formatted(row.name(), type(row.decision()), scale(row.decision()), row.reason()));
    }
    return table.toString();
  }

  private static String type(Decision decision) {
    return switch (decision) {
      case Decision.Activation(var type, _) -> type.text();
      case Decision.Weights(var type, _) -> type.text();
      case Decision.Floating() -> "-";
    };
  }

  private static String scale(Decision decision) {
    return switch (decision) {
      case Decision.Activation(_, double scale) -> String.format(Locale.ROOT, "%.6g", scale);
      case Decision.Weights(_, int axis) -> "along axis " + axis;
      case Decision.Floating() -> "-";
    };
  }
}
