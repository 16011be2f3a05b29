package dev.tenrec.cli;

import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** On what, and how precisely, a model runs. */
final class ExecutionOptions {
  @Option(
      names = "--backend",
      paramLabel = "BACKEND",
      defaultValue = "cpu",
      description = "One of interpreter, cpu, recorded, tensorrt (default: cpu).")
  @SuppressWarnings("NullAway.Init")
  Backend backend;

  @Option(
      names = "--precision",
      paramLabel = "PRECISION",
      defaultValue = "fp32",
      description = "fp32 or fp16, for a model that is not compiled yet (default: fp32).")
  @SuppressWarnings("NullAway.Init")
  Precision precision;

  @Mixin final NarrowingOption narrowing = new NarrowingOption();
}
