package dev.tenrec.cli;

import com.google.common.collect.ImmutableList;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.OverridesFile;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.Bounds;
import dev.tenrec.compiler.accuracy.FloatSensitivity;
import dev.tenrec.compiler.accuracy.Subject;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.accuracy.Sensitivity;
import dev.tenrec.passes.precision.AssignPrecision;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whether operations are ranked by the errors that they cause. */
final class SensitivityOptions {
  @Option(
      names = "--sensitivity",
      description =
          "Rank operations by the error where each alone is in fp16 or bf16. With --tolerance, keep"
              + " the worst in fp32, as few as possible, until it holds.")
  boolean wanted;

  @Option(
      names = "--write-overrides",
      paramLabel = "FILE.json",
      description = "With --sensitivity: where to write the overrides that make --tolerance hold.")
  private @Nullable Path file;

  /** The settings with which the tolerance holds; those given if nothing was asked for. */
  PrecisionSettings refined(
      Subject subject,
      PrecisionSettings settings,
      Backend backend,
      Bounds tolerance,
      PrintWriter out) {
    if (!wanted) {
      return settings;
    }
    if (!tolerance.task().isEmpty()) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "--sensitivity is of outputs, not of a task")
          .advise("bound cosine, snr, max or mean, or search with --precision auto");
    }
    AssignPrecision low =
        new AssignPrecision(type(settings), settings.table(), settings.overrides());
    FloatSensitivity.Result result =
        new FloatSensitivity(low, tolerance.outputs(), backend)
            .measure(subject.reference().graph(), subject.samples());
    for (Sensitivity.Effect effect : result.ranking()) {
      out.printf("%s: only %s: %s%n", subject.name(), effect.region(), effect.deviation());
    }
    Optional<ImmutableList<String>> kept = result.kept();
    if (kept.isEmpty()) {
      return settings;
    }
    out.printf(
        "%s: %d of %d stay in fp32: %s%n",
        subject.name(), kept.get().size(), result.ranking().size(), String.join(", ", kept.get()));
    PrecisionSettings refined =
        settings.withOverrides(settings.overrides().and(AssignPrecision.kept(kept.get())));
    if (file != null) {
      OverridesFile.write(file, refined.overrides());
    }
    return refined;
  }

  private static ElementType type(PrecisionSettings settings) {
    return switch (settings.precision()) {
      case FP16 -> ElementType.FLOAT16;
      case BF16 -> ElementType.BFLOAT16;
      default ->
          throw new TenrecException(
                  ErrorCode.INVALID_ARGUMENT,
                  "--sensitivity is not for precision %s".formatted(settings.precision()))
              .advise("choose fp16 or bf16");
    };
  }
}
