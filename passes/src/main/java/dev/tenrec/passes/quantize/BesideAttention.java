package dev.tenrec.passes.quantize;

import dev.tenrec.ir.Attention.RotaryEmbedding;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Products whose data would have to be read once more to be quantized: those that give queries,
 * keys and values, and those of attention's results. Elsewhere what computes data quantizes it in
 * passing.
 *
 * <p>TensorRT 10.6 lays queries, keys and values out by heads in front of their products, which
 * splits the normalization before them in two, and transposes and quantizes attention's results in
 * a step of its own. On an H200 that costs as much as 8 bits save on some 3,500 and 1,500 columns
 * of weights; the steps' times stand in {@code testdata/results}.
 */
final class BesideAttention {
  private static final long COLUMNS_BEFORE = 3584;
  private static final long COLUMNS_BEHIND = 1536;

  /** What is multiplied for queries, keys and values, and the columns that it meets. */
  private final Map<Value, Long> columns = new HashMap<>();

  private final Set<Value> productsBefore;

  BesideAttention(Graph graph, List<Region> regions) {
    productsBefore = productsBefore(graph);
    for (Region region : regions) {
      if (productsBefore.contains(region.node().result())) {
        columns.merge(region.data().value(), columns(region), Long::sum);
      }
    }
  }

  private static Set<Value> productsBefore(Graph graph) {
    Set<Value> products = new HashSet<>();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof ScaledDotProduct attention) {
        products.add(product(attention.queries()));
        products.add(product(attention.keys()));
        products.add(product(attention.values()));
      }
    }
    return products;
  }

  /** What a value was before it was moved, shifted, scaled and rotated. */
  private static Value product(Value value) {
    Value origin = value;
    Optional<Value> next = Optional.of(value);
    while (next.isPresent()) {
      origin = Copies.origin(next.get());
      next = origin.producer().flatMap(node -> changed(node.op()));
    }
    return origin;
  }

  private static Optional<Value> changed(Op op) {
    return switch (op) {
      case Binary(_, Value a, Value b) when b.constant().isPresent() -> Optional.of(a);
      case Binary(_, Value a, Value b) when a.constant().isPresent() -> Optional.of(b);
      case RotaryEmbedding rotary -> Optional.of(rotary.x());
      default -> Optional.empty();
    };
  }

  /** Why nothing is gained, if so. */
  Optional<String> obstacle(Region region) {
    Value data = region.data().value();
    long before = columns.getOrDefault(data, 0L);
    if (productsBefore.contains(region.node().result()) && before < COLUMNS_BEFORE) {
      return Optional.of(
          "laying out data for attention costs more than %d columns gain".formatted(before));
    }
    long behind = columns(region);
    return Copies.origin(data).producedBy(ScaledDotProduct.class).isPresent()
            && behind < COLUMNS_BEHIND
        ? Optional.of(
            "quantizing what attention gives costs more than %d columns gain".formatted(behind))
        : Optional.empty();
  }

  private static long columns(Region region) {
    return region.weights().value().dim(region.channelAxis()).value().orElse(Long.MAX_VALUE);
  }
}
