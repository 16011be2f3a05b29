package dev.tenrec.cli;

import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import picocli.CommandLine.Option;

/** How precisely an ONNX file is computed; a bundle has its own precision. */
final class PrecisionOption {
  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "fp32",
      description = "fp32, fp16 or bf16, for a model that is not compiled yet (default: fp32).")
  @SuppressWarnings("NullAway.Init")
  private Precision wanted;

  PrecisionSettings settings() {
    return PrecisionSettings.of(wanted);
  }
}
