package dev.tenrec.cli;

import picocli.CommandLine.Option;

/** Whether TensorRT may lose numbers. */
final class NarrowingOption {
  @Option(
      names = "--allow-narrowing",
      description =
          "Let TensorRT compute float64 in float32 and uint64 in int64, which do not hold all"
              + " their numbers.")
  boolean allowed;
}
