package dev.tenrec.passes.quantize.weights;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.quantize.weights.WeightPlan.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Some weights, and the moments of what they are multiplied with.
 *
 * @param rows of the plan
 * @param moments by the left operands of products
 */
record MomentsOfRows(List<Row> rows, Map<Value, Moments> moments) {
  /** Bytes of moments that are kept at the same time. */
  static final long BUDGET = 1L << 28;

  /** Parts whose moments take no more than the given number of bytes, or are of one value. */
  static List<MomentsOfRows> split(List<Row> rows, long budget) {
    List<MomentsOfRows> parts = new ArrayList<>();
    long bytes = Long.MAX_VALUE;
    for (Row row : rows) {
      long more = row.method().needsSamples() ? bytes(row) : 0;
      boolean known =
          !parts.isEmpty() && parts.getLast().moments.keySet().containsAll(factors(row.readers()));
      if (parts.isEmpty() || (!known && bytes + more > budget)) {
        parts.add(new MomentsOfRows(new ArrayList<>(), new LinkedHashMap<>()));
        bytes = 0;
      }
      parts.getLast().add(row);
      bytes += known ? 0 : more;
    }
    return parts;
  }

  private static long bytes(Row row) {
    return factors(row.readers()).size() * Moments.bytes(channels(row));
  }

  private static int channels(Row row) {
    return new WeightMatrix(row.weights().constant().orElseThrow(), row.transposed()).inputs();
  }

  /** What the weights are multiplied with, if channels are its last axis and all outputs see it. */
  static List<Value> factors(List<Node> readers) {
    return readers.stream()
        .map(Node::op)
        .map(MatMul.class::cast)
        .filter(product -> !product.transposeA() && product.b().rank() == 2)
        .map(MatMul::a)
        .distinct()
        .toList();
  }

  private void add(Row row) {
    rows.add(row);
    if (row.method().needsSamples()) {
      factors(row.readers())
          .forEach(factor -> moments.computeIfAbsent(factor, _ -> new Moments(channels(row))));
    }
  }

  /** Fills the moments. */
  void observe(Graph graph, Samples samples) {
    samples.observe(graph, moments);
    moments.forEach((value, found) -> {
      if (found.samples() == 0 || !found.isFinite()) {
        throw new TenrecException(
                ErrorCode.INVALID_INPUT,
                "%s is %s on the samples"
                    .formatted(value, found.samples() == 0 ? "empty" : "not finite"))
            .advise("give typical inputs, or choose a method that needs no samples");
      }
    });
  }

  /** The moments of what the weights of a row are multiplied with. */
  Moments of(Row row) {
    return factors(row.readers()).stream()
        .map(factor -> Objects.requireNonNull(moments.get(factor)))
        .reduce(Moments::plus)
        .orElseThrow();
  }
}
