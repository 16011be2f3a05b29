package dev.tenrec.passes.quantize;

import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Where activations are read quantized: by the operations that gain, and around them where numbers
 * can stay in few bits on the way. For one type.
 */
final class Placement {
  private final Graph graph;
  private final ElementType type;
  private final Uses uses;
  private final Map<Reading, String> reasons = new LinkedHashMap<>();

  /** Readings of copies whose results are read quantized. */
  private final Set<Reading> passed = new HashSet<>();

  /** Of values with the same scale, so that numbers move between them as they are. */
  private final ValueGroups groups = new ValueGroups();

  Placement(Graph graph, ElementType type) {
    this.graph = graph;
    this.type = type;
    this.uses = Uses.of(graph);
  }

  /** Decides where the data of some regions is read quantized, and what else on the way to it. */
  void place(List<Region> regions) {
    for (Region region : regions) {
      read(region.data(), "products gain most");
    }
    ResidualSums sums = new ResidualSums(graph, uses);
    regions.forEach(region ->
        sums.skip(region).ifPresent(skip -> read(skip, "skips what ends in a convolution")));
    for (Node node : graph.nodes().reverse()) {
      if (node.results().size() == 1 && readsAllQuantized(node.result())) {
        commute(node);
      }
    }
  }

  /** The readings, with reasons, by what is read. */
  SetMultimap<Value, Reading> readings() {
    SetMultimap<Value, Reading> readings = LinkedHashMultimap.create();
    reasons.keySet().forEach(reading -> readings.put(reading.value(), reading));
    return readings;
  }

  String reason(Reading reading) {
    return reasons.getOrDefault(reading, "");
  }

  ValueGroups groups() {
    return groups;
  }

  private void read(Reading reading, String reason) {
    if (!Quantized.is(reading.value())) {
      reasons.putIfAbsent(reading, reason);
    }
  }

  /** Whether whoever reads a value reads it quantized, and somebody does. */
  private boolean readsAllQuantized(Value value) {
    Set<Reading> readings = uses.of(value);
    return !readings.isEmpty()
        && !uses.isOutput(value)
        && readings.stream().allMatch(r -> reasons.containsKey(r) || passed.contains(r));
  }

  /** Lets an operation that does as well on quantized numbers read them. */
  private void commute(Node node) {
    Value result = node.result();
    switch (node.op()) {
      case Concat(var inputs, _) -> {
        boolean known = inputs.stream().anyMatch(input -> input.constant().isPresent());
        for (int i = 0; i < inputs.size() && !known; i++) {
          share(new Reading(node, i), result, "is joined without rescaling");
        }
      }
      case Pool(PoolKind kind, _, _) -> pool(node, kind);
      default ->
          Copies.copied(node.op())
              .ifPresent(x -> {
                passed.add(new Reading(node, 0));
                groups.unite(x, result);
              });
    }
  }

  /** Pooling has kernels for integers only. */
  private void pool(Node node, PoolKind kind) {
    Reading reading = new Reading(node, 0);
    if (type.isInteger() && kind == PoolKind.MAX) {
      share(reading, node.result(), "the largest of quantized numbers is one");
    } else if (type.isInteger()) {
      read(reading, "is averaged for what is quantized");
    }
  }

  private void share(Reading reading, Value result, String reason) {
    read(reading, reason);
    groups.unite(reading.value(), result);
  }
}
