package dev.tenrec.cli;

import java.nio.file.Path;
import picocli.CommandLine.Parameters;

/** The model that a command works on. */
final class ModelArgument {
  @Parameters(
      paramLabel = "MODEL|DIR",
      description = "An ONNX file, a graph as text (.txt), or a folder that 'tenrec compile' made.")
  @SuppressWarnings("NullAway.Init")
  Path path;
}
