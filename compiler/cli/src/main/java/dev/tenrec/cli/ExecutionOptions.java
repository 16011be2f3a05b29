package dev.tenrec.cli;

import dev.tenrec.compiler.Backend;
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

  @Mixin final PrecisionOption precision = new PrecisionOption();

  @Mixin final NarrowingOption narrowing = new NarrowingOption();
}
