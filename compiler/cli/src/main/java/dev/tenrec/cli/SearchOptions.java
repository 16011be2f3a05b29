package dev.tenrec.cli;

import com.google.common.collect.ImmutableSet;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.Bounds;
import dev.tenrec.compiler.accuracy.Metric;
import dev.tenrec.compiler.accuracy.TaskBound;
import dev.tenrec.compiler.bench.Latency;
import dev.tenrec.compiler.search.AutoPrecision;
import dev.tenrec.compiler.search.Requirement;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** How a precision is searched for. */
final class SearchOptions {
  private static final String DEFAULT = "cosine>=0.995";

  @Option(
      names = "--tolerance",
      split = ",",
      paramLabel = "BOUND",
      description =
          "What outputs must hold beside those in single precision: cosine>=X, snr>=X (in dB),"
              + " max<=X, mean<=X; or what the model must reach at its task: accuracy>=X (with"
              + " --label), perplexity<=X. Precision auto is searched for one of them (default:"
              + " cosine>=0.995).")
  private List<String> bounds = List.of();

  @Option(
      names = "--label",
      paramLabel = "NAME",
      description = "For accuracy: the array of the data with the classes.")
  @Nullable String label;

  @Option(
      names = "--tolerance-data",
      paramLabel = "DATA",
      description =
          "With --precision auto: where accuracy or perplexity is measured, all of it for each"
              + " choice: an npz file or a text, as for 'tenrec test' (default: that of"
              + " --calibrate).")
  private @Nullable Path taskData;

  @Option(
      names = "--candidates",
      split = ",",
      paramLabel = "PRECISION",
      description =
          "With --precision auto: what operations may be computed in, of int8, fp8, fp16, bf16;"
              + " fp32 always (default: int8 and what --float says, and bf16 behind fp16).")
  private List<Precision> candidates = List.of();

  @Option(
      names = "--search-budget",
      paramLabel = "N",
      defaultValue = "100",
      description = "With --precision auto: how many choices are run at most (default: 100).")
  private int budget;

  @Spec(Spec.Target.MIXEE)
  @SuppressWarnings("NullAway.Init")
  private CommandSpec spec;

  /** What outputs must hold; nothing, if nothing was asked for. */
  Bounds tolerance() {
    return Bounds.parse(bounds);
  }

  /** Searches, and tells on the way. */
  PrecisionSettings find(Graph imported, PrecisionSettings start, CalibrationOptions calibration) {
    Backend backend = calibration.backend();
    if (budget < AutoPrecision.LEAST_BUDGET) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "%d choices are too few to search".formatted(budget))
          .advise("give --search-budget at least " + AutoPrecision.LEAST_BUDGET);
    }
    if (!AutoPrecision.ORDER.containsAll(candidates)) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "%s cannot all be tried".formatted(candidates))
          .advise("give --candidates of " + AutoPrecision.ORDER);
    }
    if (bounds.size() > 1) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "precision auto cannot be searched for several bounds")
          .advise("give one --tolerance");
    }
    return new AutoPrecision(
            requirement(imported, calibration),
            candidates(start.floating()),
            budget,
            backend,
            backend == Backend.TENSORRT ? Optional.of(Latency::built) : Optional.empty(),
            line -> spec.commandLine().getErr().println("tenrec: precision: " + line))
        .find(imported, start);
  }

  private Requirement requirement(Graph imported, CalibrationOptions calibration) {
    Bounds one = Bounds.parse(bounds.isEmpty() ? List.of(DEFAULT) : bounds);
    if (one.task().isEmpty()) {
      return new Requirement.OfOutputs(one.outputs().getFirst(), calibration.tried(imported));
    }
    TaskBound bound = one.task().getFirst();
    Path data = taskData == null ? calibration.data() : taskData;
    return new Requirement.OfTask(
        bound,
        TaskData.read(
            bound.metric(),
            Signature.of(imported),
            data,
            Optional.ofNullable(label),
            calibration.text));
  }

  /** Complains about what a search would ignore. */
  void refuseUnused(Precision wanted) {
    if (wanted != Precision.AUTO) {
      UsedOptions.refuse(
          spec, "with precision " + wanted, "--search-budget", "--candidates", "--tolerance-data");
    }
    if (tolerance().task().isEmpty()) {
      UsedOptions.refuse(spec, "without a bound of a task", "--tolerance-data");
    }
  }

  /** Complains about labels that no search needs. */
  void refuseLabel(Precision wanted) {
    if (wanted != Precision.AUTO || !tolerance().bound(Metric.ACCURACY)) {
      UsedOptions.refuse(spec, "without a search for a bound of accuracy", "--label");
    }
  }

  private ImmutableSet<Precision> candidates(Precision floating) {
    if (!candidates.isEmpty()) {
      return ImmutableSet.copyOf(candidates);
    }
    return floating == Precision.FP16
        ? ImmutableSet.of(Precision.INT8, Precision.FP16, Precision.BF16)
        : ImmutableSet.of(Precision.INT8, floating);
  }
}
