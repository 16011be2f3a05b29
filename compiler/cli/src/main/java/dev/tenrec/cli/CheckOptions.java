package dev.tenrec.cli;

import dev.tenrec.compiler.Model;
import dev.tenrec.passes.check.CheckEach;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Whether passes are checked by numbers. */
final class CheckOptions {
  @Option(
      names = "--check-each",
      paramLabel = "TOLERANCE",
      description =
          "Run the interpreter before and after each pass, and fail if an element moves further"
              + " than this, relative to 1 + |element|.")
  private @Nullable Double tolerance;

  @Option(
      names = "--check-rewrites",
      description = "With --check-each: compare each value that is replaced with its replacement.")
  boolean rewrites;

  @Mixin private final DataOptions data = new DataOptions();

  boolean isWanted() {
    return tolerance != null;
  }

  Optional<CheckEach> start(Model model) {
    return tolerance == null
        ? Optional.empty()
        : Optional.of(new CheckEach(model.graph(), data.read(model).inputs(), tolerance));
  }
}
