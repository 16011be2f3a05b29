package dev.tenrec.compiler;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.precision.PrecisionOverrides;
import dev.tenrec.passes.quantize.weights.QuantizeWeights;
import dev.tenrec.passes.quantize.weights.Samples;
import dev.tenrec.passes.quantize.weights.WeightMethod;
import dev.tenrec.passes.quantize.weights.WeightSettings;
import java.util.Optional;

/**
 * How weights are quantized where they alone are.
 *
 * @param method how their numbers are chosen; the best one for which there is data if empty
 * @param block how many weights of an output share a scale; all in 8 bits and 64 in 4 bits if empty
 * @param samples of the data
 */
public record WeightOptions(
    Optional<WeightMethod> method, Optional<Integer> block, Optional<Samples> samples) {
  /** As it is best without data. */
  public static final WeightOptions DEFAULT =
      new WeightOptions(Optional.empty(), Optional.empty(), Optional.empty());

  private static final int BLOCK = 64;

  QuantizeWeights pass(ElementType type, PrecisionOverrides overrides) {
    int size = block.orElse(type == ElementType.INT4 ? BLOCK : 0);
    WeightMethod best = samples.isPresent() ? WeightMethod.AWQ : WeightMethod.MSE;
    return new QuantizeWeights(
        new WeightSettings(type, size, method.orElse(best), overrides), samples);
  }
}
