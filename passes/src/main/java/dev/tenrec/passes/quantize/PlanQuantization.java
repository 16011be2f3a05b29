package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.SetMultimap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.quantize.QuantizationPlan.Decision;
import dev.tenrec.passes.quantize.QuantizationPlan.Row;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Decides for each region of a graph, and for what lies between them. */
final class PlanQuantization {
  private final Graph graph;
  private final QuantizeGraph options;
  private final ValueNames names;
  private final List<Region> regions;
  private final ImmutableList.Builder<Row> rows = ImmutableList.builder();

  PlanQuantization(Graph graph, QuantizeGraph options) {
    this.graph = graph;
    this.options = options;
    this.names = ValueNames.of(graph);
    this.regions = Region.of(graph);
  }

  QuantizationPlan plan() {
    Map<ElementType, List<Region>> quantized = new EnumMap<>(ElementType.class);
    for (Region region : regions) {
      ElementType type = type(region);
      Optional<String> obstacle = obstacle(region, type);
      if (obstacle.isPresent()) {
        leave(region, obstacle.get());
      } else {
        quantized.computeIfAbsent(type, _ -> new ArrayList<>()).add(region);
      }
    }
    leaveCurved(quantized.getOrDefault(ElementType.INT8, new ArrayList<>()));
    quantized.forEach((type, ofType) -> {
      activations(type, ofType);
      ofType.forEach(region -> weights(region, type));
    });
    return new QuantizationPlan(ImmutableList.copyOf(regions), rows.build());
  }

  private void leaveCurved(List<Region> regions) {
    Set<Region> curved = new CurvedResults(graph).unquantizable(regions);
    curved.forEach(region -> leave(region, "what its activation gives is not read in 8 bits"));
    regions.removeAll(curved);
  }

  private void leave(Region region, String reason) {
    row(region.node().result(), new Decision.Floating(), ImmutableSet.of(), reason);
  }

  /** What the model has quantized itself decides for the rest. */
  private ElementType type(Region region) {
    ElementType wanted = options.type(region, names);
    return Quantized.type(region.weights().value())
        .or(() -> Quantized.type(region.data().value()))
        .filter(_ -> QuantizeGraph.quantizes(wanted))
        .orElse(wanted);
  }

  private Optional<String> obstacle(Region region, ElementType type) {
    if (!QuantizeGraph.quantizes(type)) {
      return Optional.of("is left as it is on request");
    }
    if (!QuantizedType.multiplies(type)) {
      return Optional.of("the model has %s, which is not multiplied".formatted(type.text()));
    }
    Optional<String> small = Gain.obstacle(region, type);
    Value data = region.data().value();
    if (small.isPresent() || Quantized.is(data)) {
      return small;
    }
    return bound(data, type).isPresent() ? Optional.empty() : Optional.of(unknown(data));
  }

  private String unknown(Value data) {
    return "the range of %s is not known".formatted(names.of(data));
  }

  /**
   * The bound of a value for a type, where it is known and its scale is a number like others. What
   * was chosen for one type is none for another.
   */
  private Optional<Double> bound(Value value, ElementType type) {
    return options
        .table()
        .range(names, value)
        .map(type == options.type() ? Range::bound : Range::magnitude)
        .filter(Double::isFinite);
  }

  private void activations(ElementType type, List<Region> regions) {
    Placement placement = new Placement(graph, type);
    placement.place(regions);
    SetMultimap<Value, Reading> readings = placement.readings();
    Map<Value, Double> bounds = new HashMap<>();
    for (Value value : readings.keySet()) {
      bound(value, type)
          .ifPresent(bound -> bounds.merge(placement.groups().of(value), bound, Math::max));
    }
    for (Map.Entry<Value, Collection<Reading>> entry : readings.asMap().entrySet()) {
      Value value = entry.getKey();
      Double bound = bounds.get(placement.groups().of(value));
      Decision decision =
          bound == null
              ? new Decision.Floating()
              : new Decision.Activation(type, scale(bound / QuantizedType.largest(type)));
      row(value, decision, entry.getValue(), reason(placement, entry.getValue()));
    }
  }

  /** Positive, for what is always 0 too. */
  private static double scale(double quotient) {
    float scale = (float) quotient;
    return scale >= Float.MIN_NORMAL ? scale : 1;
  }

  private static String reason(Placement placement, Collection<Reading> readings) {
    Set<String> reasons = new LinkedHashSet<>();
    readings.forEach(reading -> reasons.add(placement.reason(reading)));
    return String.join("; ", reasons);
  }

  private void weights(Region region, ElementType type) {
    Value weights = region.weights().value();
    if (weights.constant().isPresent()) {
      row(
          weights,
          new Decision.Weights(type, region.channelAxis()),
          ImmutableSet.of(region.weights()),
          "weights of " + region.name());
    }
  }

  private void row(Value value, Decision decision, Collection<Reading> readings, String reason) {
    rows.add(new Row(names.of(value), value, decision, ImmutableSet.copyOf(readings), reason));
  }
}
