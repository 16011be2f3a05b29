package dev.tenrec.passes.calibration;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.ValueNames;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ranges of the values of a graph.
 *
 * @param ranges by the names that {@link ValueNames} gives the values of the optimized graph,
 *     before any precision is assigned
 */
public record CalibrationTable(ImmutableMap<String, Range> ranges) {
  /** Nothing is known about any value. */
  public static final CalibrationTable EMPTY = new CalibrationTable(ImmutableMap.of());

  /**
   * Checks that this is a table of a graph.
   *
   * @param graph as it is before any precision is assigned
   * @throws TenrecException if there is a range for a value that the graph does not have
   */
  public void requireFits(Graph graph) {
    ValueNames names = ValueNames.of(graph);
    Set<String> known =
        Stream.concat(
                graph.inputs().stream(),
                graph.nodes().stream().flatMap(node -> node.results().stream()))
            .map(names::of)
            .collect(Collectors.toSet());
    for (String name : ranges.keySet()) {
      if (!known.contains(name)) {
        throw new TenrecException(
                ErrorCode.INVALID_INPUT,
                "the calibration table has a range for '%s', which the model does not have"
                    .formatted(name))
            .advise("calibrate this model again");
      }
    }
  }

  /** The range of a value of the graph that the names are of. */
  public Optional<Range> range(ValueNames names, Value value) {
    return Optional.ofNullable(ranges.get(names.of(value)));
  }
}
