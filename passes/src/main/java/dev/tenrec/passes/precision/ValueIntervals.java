package dev.tenrec.passes.precision;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.precision.Interval.Basis;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What the values of a graph hold: as observed, or else as operations and constants tell. */
final class ValueIntervals {
  private final CalibrationTable table;
  private final ValueNames names;
  private final boolean unnamed;
  private final Map<Value, Interval> intervals = new HashMap<>();

  /**
   * For all values of a graph.
   *
   * @param table may be empty; its names are those before anything is quantized
   */
  ValueIntervals(Graph graph, CalibrationTable table) {
    this.table = table;
    this.names = ValueNames.of(graph);
    // What quantization adds has no names, and shifts those that others without get.
    this.unnamed = graph.nodes().stream().noneMatch(node -> node.op() instanceof Quantization);
    graph.inputs().forEach(input -> intervals.put(input, known(input, Interval.UNKNOWN)));
    IntervalRules rules = new IntervalRules(this::of);
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Source.Constant) {
        continue;
      }
      Interval derived = rules.of(node.op());
      for (Value result : node.results()) {
        boolean first = result.equals(node.results().getFirst());
        intervals.put(result, known(result, first ? derived : Interval.UNKNOWN));
      }
    }
  }

  /** Looks at a constant only if it is asked for. */
  Interval of(Value value) {
    return value
        .constant()
        .map(tensor -> intervals.computeIfAbsent(value, _ -> LowConstants.interval(tensor)))
        .orElseGet(() -> intervals.getOrDefault(value, Interval.UNKNOWN));
  }

  private Interval known(Value value, Interval derived) {
    Optional<Range> range =
        unnamed || !value.name().isEmpty() ? table.range(names, value) : Optional.empty();
    return range
        .map(observed -> {
          boolean mask = derived.masked() && observed.min() <= LowConstants.MASK;
          double min = mask ? Math.min(0, observed.max()) : observed.min();
          return new Interval(min, observed.max(), Basis.OBSERVED, derived.masked());
        })
        .orElse(derived);
  }
}
