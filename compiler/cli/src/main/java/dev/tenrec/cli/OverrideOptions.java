package dev.tenrec.cli;

import com.google.common.collect.ImmutableList;
import dev.tenrec.compiler.OverridesFile;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the user wants to be computed in another precision than the rest. */
final class OverrideOptions {
  @Option(
      names = "--override",
      paramLabel = "WHAT=PRECISION",
      description =
          "name:PATTERN=fp32|fp16|bf16, or op:KIND=…, or location:PATTERN=…, where * stands for"
              + " anything; of several that match, the last one counts.")
  private List<String> overrides = List.of();

  @Option(
      names = "--overrides",
      paramLabel = "FILE.json",
      description = "More of these, which come first: [{\"name\": …, \"precision\": …}, …].")
  private @Nullable Path file;

  PrecisionOverrides all() {
    PrecisionOverrides first = file == null ? PrecisionOverrides.NONE : OverridesFile.read(file);
    return first.and(
        overrides.stream().map(PrecisionOverride::parse).collect(ImmutableList.toImmutableList()));
  }
}
