package dev.tenrec.passes.calibration;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.simplify.NameValues;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The ranges of the values of a graph, and what else calibration found. Values have the names that
 * {@link ValueNames} gives them in the optimized graph, before any precision is assigned; {@link
 * NameValues} has made them last.
 *
 * @param ranges of values, after channels were divided by their factors
 * @param factors what the channels of some values are to be divided by, so that few bits serve them
 * @param means of the channels of what convolutions read, where their biases are to make up for
 *     rounded weights
 */
public record CalibrationTable(
    ImmutableMap<String, Range> ranges,
    ImmutableMap<String, ImmutableDoubleArray> factors,
    ImmutableMap<String, ImmutableDoubleArray> means) {
  /** Nothing is known about any value. */
  public static final CalibrationTable EMPTY = new CalibrationTable(ImmutableMap.of());

  /** Of a graph that stays as it is. */
  public CalibrationTable(ImmutableMap<String, Range> ranges) {
    this(ranges, ImmutableMap.of(), ImmutableMap.of());
  }

  public CalibrationTable withRanges(ImmutableMap<String, Range> found) {
    return new CalibrationTable(found, factors, means);
  }

  /**
   * Checks that this is a table of a graph.
   *
   * @param graph as it is before any precision is assigned
   * @throws TenrecException if it tells of a value that the graph does not have
   */
  public void requireFits(Graph graph) {
    ValueNames names = ValueNames.of(graph);
    Set<String> known =
        Stream.concat(
                graph.inputs().stream(),
                graph.nodes().stream().flatMap(node -> node.results().stream()))
            .map(names::of)
            .collect(Collectors.toSet());
    requireKnown("a range", ranges.keySet(), known);
    requireKnown("factors", factors.keySet(), known);
    requireKnown("means", means.keySet(), known);
  }

  private static void requireKnown(String what, Set<String> names, Set<String> known) {
    for (String name : names) {
      if (!known.contains(name)) {
        throw new TenrecException(
                ErrorCode.INVALID_INPUT,
                "the calibration table has %s for '%s', which the model does not have"
                    .formatted(what, name))
            .advise("calibrate this model again");
      }
    }
  }

  /** The range of a value of the graph that the names are of. */
  public Optional<Range> range(ValueNames names, Value value) {
    return Optional.ofNullable(ranges.get(names.of(value)));
  }
}
