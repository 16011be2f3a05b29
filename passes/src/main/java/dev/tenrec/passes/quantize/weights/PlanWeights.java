package dev.tenrec.passes.quantize.weights;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.SetMultimap;
import com.google.common.math.IntMath;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.ValueNames;
import java.util.Collection;
import java.util.Map;

/** Decides about the weights of a graph: constants on the right of matrix products. */
record PlanWeights(WeightSettings settings) {
  /** Shorter vectors, or fewer of them, are not worth their scales. */
  private static final int SMALLEST = 16;

  private record Reading(Value weights, boolean transposed) {}

  WeightPlan plan(Graph graph) {
    SetMultimap<Reading, Node> readers = LinkedHashMultimap.create();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof MatMul product && isWeights(product.b())) {
        readers.put(new Reading(product.b(), product.transposeB()), node);
      }
    }
    ValueNames names = ValueNames.of(graph);
    ImmutableList.Builder<WeightPlan.Row> rows = ImmutableList.builder();
    for (Map.Entry<Reading, Collection<Node>> entry : readers.asMap().entrySet()) {
      Value weights = entry.getKey().weights();
      boolean transposed = entry.getKey().transposed();
      ImmutableList<Node> products = ImmutableList.copyOf(entry.getValue());
      WeightMatrix matrix = new WeightMatrix(weights.constant().orElseThrow(), transposed);
      boolean unwanted =
          products.stream().anyMatch(node -> settings.overrides().find(node, names).isPresent());
      Choice choice = unwanted ? left("is left as it is on request") : choose(matrix, products);
      rows.add(
          new WeightPlan.Row(
              names.of(weights),
              weights,
              transposed,
              products,
              choice.block(),
              choice.method(),
              choice.reason()));
    }
    return new WeightPlan(rows.build());
  }

  private static boolean isWeights(Value value) {
    return value.elementType().isFloating()
        && value.elementType().bits() <= 32
        && value.constant().filter(tensor -> tensor.count() > 0).isPresent();
  }

  /** A decision; block 0 leaves the weights as they are. */
  private record Choice(int block, WeightMethod method, String reason) {}

  private Choice choose(WeightMatrix matrix, ImmutableList<Node> readers) {
    Tensor tensor = matrix.tensor();
    int inputs = matrix.inputs();
    int block = settings.block() == 0 ? inputs : IntMath.gcd(settings.block(), inputs);
    if (Math.min(inputs, tensor.size(matrix.outputAxis())) < SMALLEST) {
      return left("is too small to gain");
    }
    if (block < SMALLEST) {
      return left("%d inputs make no blocks near %d".formatted(inputs, settings.block()));
    }
    if (!matrix.isFinite()) {
      return left("holds numbers that are not finite");
    }
    String reason = "weights of a product";
    if (settings.block() > 0 && block != settings.block()) {
      reason += "; %d inputs make no blocks of %d".formatted(inputs, settings.block());
    }
    if (settings.method().needsSamples() && MomentsOfRows.factors(readers).isEmpty()) {
      return new Choice(block, WeightMethod.MSE, reason + "; their inputs lie in another way");
    }
    return new Choice(block, settings.method(), reason);
  }

  private Choice left(String reason) {
    return new Choice(0, settings.method(), reason);
  }
}
