package dev.tenrec.cli;

import dev.tenrec.compiler.WeightOptions;
import dev.tenrec.passes.quantize.weights.Samples;
import dev.tenrec.passes.quantize.weights.WeightMethod;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How weights are kept in few bits. */
final class WeightsOption {
  @Option(
      names = "--weights",
      paramLabel = "METHOD",
      description =
          "For int8-weights and int4-weights: rtn, mse, awq or gptq; the last two need --calibrate"
              + " (default: awq with data, mse without).")
  private @Nullable WeightMethod method;

  @Option(
      names = "--block",
      paramLabel = "N",
      description =
          "For int8-weights and int4-weights: how many weights of an output share a scale (default:"
              + " all in 8 bits, 64 in 4 bits).")
  private @Nullable Integer block;

  WeightOptions options(Optional<Samples> samples) {
    if (block != null) {
      UsedOptions.requireAtLeast("--block", 1, block);
    }
    return new WeightOptions(Optional.ofNullable(method), Optional.ofNullable(block), samples);
  }
}
