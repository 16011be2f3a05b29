package dev.tenrec.passes.quantize.weights;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.quantize.Channels;
import dev.tenrec.passes.quantize.FoldedFactors;
import dev.tenrec.passes.quantize.FoldedFactors.Place;
import dev.tenrec.passes.quantize.OtherConstants;
import dev.tenrec.passes.quantize.Reading;
import dev.tenrec.passes.quantize.Uses;
import dev.tenrec.passes.quantize.weights.WeightPlan.Row;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * Makes weights larger that are multiplied with larger numbers, so that they lose less when their
 * block is rounded:
 *
 * <pre>
 * (x c) w → (x (c / s)) (s w)    s = sqrt(mean of (x c)^2)^a, for each channel
 * </pre>
 *
 * <p>Legal where c is a constant that x is multiplied with, as in a normalization or in what a
 * projection gives, and only products with weights read x c. Source: Lin et al., "AWQ:
 * Activation-aware Weight Quantization", 2023; a is chosen such that the error of the outputs is
 * smallest, and may be 0.
 */
final class BalanceChannels {
  private static final int STEPS = 10;

  /** Numbers this many times smaller than the largest count as no smaller. */
  private static final double SPREAD = 1e3;

  /** So many outputs tell what the errors are. */
  private static final int SAMPLED = 128;

  private final Graph graph;
  private final QuantizeWeights pass;
  private final Uses uses;
  private final Map<Node, Row> rows = new HashMap<>();
  private final OtherConstants constants = new OtherConstants();

  BalanceChannels(Graph graph, QuantizeWeights pass) {
    this.graph = graph;
    this.pass = pass;
    this.uses = Uses.of(graph);
  }

  Graph run() {
    List<Row> quantized = pass.plan(graph).rows().stream().filter(Row::isQuantized).toList();
    quantized.forEach(row -> row.readers().forEach(reader -> rows.put(reader, row)));
    Set<Value> seen = new HashSet<>();
    for (MomentsOfRows part : MomentsOfRows.split(quantized, MomentsOfRows.BUDGET)) {
      part.observe(graph, pass.samples().orElseThrow());
      part.moments()
          .forEach((factor, moments) -> {
            if (seen.add(factor) && readOnlyByProducts(factor)) {
              FoldedFactors.behind(factor, moments.channels(), uses)
                  .ifPresent(places -> balance(factor, moments, places));
            }
          });
    }
    return constants.in(graph);
  }

  private boolean readOnlyByProducts(Value factor) {
    return !uses.isOutput(factor)
        && uses.of(factor).stream()
            .allMatch(reading ->
                reading.operand() == 0
                    && rows.containsKey(reading.reader())
                    && reading.reader().op() instanceof MatMul(_, Value b, boolean transposeA, _)
                    && !transposeA
                    && b.rank() == 2);
  }

  private void balance(Value factor, Moments moments, List<Place> places) {
    OutputError error = OutputError.of(moments);
    double[] best = factors(moments, 0);
    double least = loss(factor, error, best);
    for (int step = 1; step <= STEPS; step++) {
      double[] factors = factors(moments, (double) step / STEPS);
      double loss = loss(factor, error, factors);
      if (loss < least) {
        best = factors;
        least = loss;
      }
    }
    double[] chosen = best;
    places.forEach(place ->
        constants.change(
            place.reading(), c -> Channels.scaled(c, place.axis(), i -> 1 / chosen[i])));
    uses.of(factor)
        .forEach(reading ->
            constants.change(
                weights(reading),
                w -> Channels.scaled(w, matrix(reading).inputAxis(), i -> chosen[i])));
  }

  private static Reading weights(Reading factor) {
    return new Reading(factor.reader(), 1);
  }

  private WeightMatrix matrix(Reading factor) {
    MatMul product = (MatMul) factor.reader().op();
    return new WeightMatrix(constants.get(weights(factor)), product.transposeB());
  }

  /** Around 1: the product of the largest and the smallest of them is 1. */
  private static double[] factors(Moments moments, double power) {
    double[] factors = new double[moments.channels()];
    double largest = 0;
    for (int i = 0; i < factors.length; i++) {
      largest = Math.max(largest, Math.sqrt(moments.meanSquare(i)));
    }
    double smallest = largest;
    for (int i = 0; i < factors.length; i++) {
      factors[i] = Math.max(Math.sqrt(moments.meanSquare(i)), largest / SPREAD);
      smallest = Math.min(smallest, factors[i]);
    }
    double middle = Math.sqrt(largest * smallest);
    for (int i = 0; i < factors.length; i++) {
      factors[i] = middle > 0 ? Math.pow(factors[i] / middle, power) : 1;
    }
    return factors;
  }

  private double loss(Value factor, OutputError error, double[] factors) {
    WholeNumbers type = WholeNumbers.of(pass.settings().type());
    double sum = 0;
    for (Reading reading : uses.of(factor)) {
      WeightMatrix matrix = matrix(reading);
      int block = Objects.requireNonNull(rows.get(reading.reader())).block();
      RoundToNearest quantizer = new RoundToNearest(type, block, true);
      int step = Math.ceilDiv(matrix.outputs(), SAMPLED);
      for (int output = 0; output < matrix.outputs(); output += step) {
        sum += step * loss(matrix.output(output), quantizer, error, factors);
      }
    }
    return sum;
  }

  private static double loss(
      double[] weights, RoundToNearest quantizer, OutputError error, double[] factors) {
    double[] scaled = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      scaled[i] = weights[i] * factors[i];
    }
    double[] errors = quantizer.quantize(scaled).errors(scaled);
    for (int i = 0; i < weights.length; i++) {
      errors[i] /= factors[i];
    }
    return error.of(errors);
  }
}
