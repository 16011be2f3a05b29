package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Attention.ScaledDotProduct;
import dev.tenrec.ir.AttentionExpansion;
import dev.tenrec.ir.AttentionExpansion.Factor;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity.PerTensor;
import dev.tenrec.ir.Quantization.Quantize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.ValueNames;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Range;
import dev.tenrec.passes.precision.PrecisionOverrides;
import dev.tenrec.passes.rewrite.GraphRebuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Lets both products of attention read their operands in 8 bits:
 *
 * <pre>
 * softmax(s Q Kᵀ + mask) V → q(softmax(q(s Q) q(K)ᵀ + mask)) q(V)    q(x) = dequantize(quantize(x))
 * </pre>
 *
 * <p>Legal where the ranges of Q, K and V are known. What softmax gives is between 0 and 1. The
 * scale s comes before the rounding, where TensorRT looks for it.
 *
 * @param type int8 or float8e4m3fn
 * @param table ranges of the values of the graph that the pass is given
 * @param overrides of the user: all that match leave an attention as it is
 */
public record QuantizeAttention(
    ElementType type, CalibrationTable table, PrecisionOverrides overrides) implements Pass {
  @Override
  public String name() {
    return "quantize-attention";
  }

  @Override
  public boolean runsInBodies() {
    return false;
  }

  @Override
  public Graph run(Graph graph, PassContext context) {
    ValueNames names = ValueNames.of(graph);
    GraphRebuilder rebuilder = new GraphRebuilder(graph);
    for (Node node : graph.nodes()) {
      bounds(node, names)
          .ifPresentOrElse(bounds -> replace(node, bounds, rebuilder), () -> rebuilder.keep(node));
    }
    return rebuilder.build();
  }

  /** What the largest number stands for, for each factor, if all are known. */
  private Optional<ImmutableMap<Factor, Double>> bounds(Node node, ValueNames names) {
    if (!(node.op() instanceof ScaledDotProduct op) || overrides.find(node, names).isPresent()) {
      return Optional.empty();
    }
    ImmutableMap<Factor, Value> data =
        ImmutableMap.of(
            Factor.QUERIES, op.queries(), Factor.KEYS, op.keys(), Factor.VALUES, op.values());
    Map<Factor, Double> bounds = new HashMap<>(Map.of(Factor.WEIGHTS, 1.0));
    data.forEach((factor, value) -> {
      double scale = factor == Factor.QUERIES ? Math.abs(op.scoring().scale()) : 1;
      table
          .range(names, value)
          .map(Range::bound)
          .filter(bound -> bound * scale > 0 && Double.isFinite(bound * scale))
          .ifPresent(bound -> bounds.put(factor, bound * scale));
    });
    return Optional.of(bounds)
        .filter(found -> found.size() == Factor.values().length)
        .map(ImmutableMap::copyOf);
  }

  private void replace(Node node, Map<Factor, Double> bounds, GraphRebuilder rebuilder) {
    Value result =
        AttentionExpansion.of(
            (ScaledDotProduct) rebuilder.remapped(node.op()),
            (factor, value) -> rounded(value, bounds.getOrDefault(factor, 1.0)));
    rebuilder.replace(node, result.producer().orElseThrow().op());
  }

  private Value rounded(Value value, double bound) {
    Value scale = Terms.scalar(ElementType.FLOAT32, bound / QuantizedType.largest(type));
    Value few = new Quantize(value, scale, type, new PerTensor()).value();
    return new Dequantize(few, scale, value.elementType(), new PerTensor()).value();
  }
}
