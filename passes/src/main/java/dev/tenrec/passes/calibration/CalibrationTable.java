package dev.tenrec.passes.calibration;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.ValueNames;
import java.util.Optional;

/**
 * The ranges of the values of a graph.
 *
 * @param ranges by the names that {@link ValueNames} gives the values of the optimized graph,
 *     before any precision is assigned
 */
public record CalibrationTable(ImmutableMap<String, Range> ranges) {
  /** Nothing is known about any value. */
  public static final CalibrationTable EMPTY = new CalibrationTable(ImmutableMap.of());

  /** The range of a value of the graph that the names are of. */
  public Optional<Range> range(ValueNames names, Value value) {
    return Optional.ofNullable(ranges.get(names.of(value)));
  }
}
