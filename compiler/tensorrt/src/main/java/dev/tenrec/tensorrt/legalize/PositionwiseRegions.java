package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.quantize.Reading;
import dev.tenrec.passes.quantize.Uses;
import dev.tenrec.passes.quantize.ValueGroups;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Connected {@link Positionwise} operations for which less is moved with their leading axes
 * exchanged.
 */
final class PositionwiseRegions {
  private final Graph graph;
  private final ImmutableSet<String> ones;
  private final Uses uses;
  private final Map<Node, Positionwise> alike = new HashMap<>();

  /** Values that have all positions, in the order of the graph. */
  private final Set<Value> values = new LinkedHashSet<>();

  private final ValueGroups regions = new ValueGroups();
  private final Set<Value> chosen = new HashSet<>();

  private PositionwiseRegions(Graph graph, ImmutableSet<String> ones) {
    this.graph = graph;
    this.ones = ones;
    this.uses = Uses.of(graph);
  }

  /**
   * Those of a graph.
   *
   * @param ones names of dimensions that are 1: with them nothing has to be moved
   */
  static PositionwiseRegions of(Graph graph, ImmutableSet<String> ones) {
    PositionwiseRegions regions = new PositionwiseRegions(graph, ones);
    regions.connect();
    regions.choose();
    return regions;
  }

  private void connect() {
    for (Node node : graph.nodes()) {
      if (node.results().size() == 1) {
        Positionwise.of(node.op(), node.result()).ifPresent(it -> connect(node, it));
      }
    }
  }

  private void connect(Node node, Positionwise it) {
    alike.put(node, it);
    for (Value operand : it.operands()) {
      if (operand.rank() >= 3 && it.hasPositions(operand)) {
        values.add(operand);
        regions.unite(operand, node.result());
      }
    }
    values.add(node.result());
  }

  private void choose() {
    Map<Value, Integer> gains = new HashMap<>();
    Set<Value> quantized = new HashSet<>();
    for (Value value : values) {
      gains.merge(regions.of(value), gain(value), Integer::sum);
      if (value.producedBy(Quantize.class).isPresent()) {
        quantized.add(regions.of(value));
      }
    }
    values.stream()
        .filter(value -> hasMany(value) && quantized.contains(regions.of(value)))
        .filter(value -> gains.getOrDefault(regions.of(value), 0) > 0)
        .forEach(chosen::add);
  }

  private boolean hasMany(Value value) {
    return Legalization.isMany(value.dim(0), ones) && Legalization.isMany(value.dim(1), ones);
  }

  /** How many transposes disappear, less those that come in. */
  private int gain(Value value) {
    boolean enters = value.producer().map(node -> !alike.containsKey(node)).orElse(true);
    int gain = enters ? (isMoved(value) ? 1 : -1) : 0;
    boolean leaves = uses.isOutput(value);
    for (Reading reading : uses.of(value)) {
      Node reader = reading.reader();
      boolean moves = !alike.containsKey(reader) && reader.op() instanceof Transpose;
      gain += moves ? 1 : 0;
      leaves |= !moves && !readsPositions(reading);
    }
    return leaves ? gain - 1 : gain;
  }

  private static boolean isMoved(Value value) {
    return value.producedBy(Transpose.class).isPresent();
  }

  private boolean readsPositions(Reading reading) {
    Positionwise reader = alike.get(reading.reader());
    return reader != null && reader.places().contains(reading.operand());
  }

  boolean isEmpty() {
    return chosen.isEmpty();
  }

  /** What a node does at each position, if its result has its leading axes exchanged. */
  Optional<Positionwise> at(Node node) {
    return node.results().size() == 1 && chosen.contains(node.result())
        ? Optional.ofNullable(alike.get(node))
        : Optional.empty();
  }
}
