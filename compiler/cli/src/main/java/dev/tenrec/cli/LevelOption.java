package dev.tenrec.cli;

import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How long TensorRT searches. */
final class LevelOption {
  @Option(
      names = "--optimization-level",
      paramLabel = "0..5",
      description = "How long TensorRT searches for fast kernels (default: TensorRT's own, 3).")
  private @Nullable Integer level;

  OptionalInt wanted() {
    return level == null ? OptionalInt.empty() : OptionalInt.of(level);
  }
}
