package dev.tenrec.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a language model reads a text. */
final class TextOptions {
  @Option(
      names = "--tokenizer",
      paramLabel = "JSON",
      description = "For text: the model's tokenizer.json.")
  @Nullable Path tokenizer;

  @Option(
      names = "--context",
      paramLabel = "N",
      defaultValue = "256",
      description = "For text: how many tokens the model sees at once (default: 256).")
  int context;
}
