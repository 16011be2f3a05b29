package dev.tenrec.cli;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.bench.Latency;
import dev.tenrec.compiler.search.AutoPrecision;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.accuracy.DeviationBound;
import java.util.List;
import java.util.Optional;
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
              + " max<=X, mean<=X. Precision auto is searched for one of them (default:"
              + " cosine>=0.995).")
  private List<String> bounds = List.of();

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
  ImmutableList<DeviationBound> tolerance() {
    return bounds.stream().map(DeviationBound::parse).collect(ImmutableList.toImmutableList());
  }

  /** Searches, and tells on the way. */
  PrecisionSettings find(
      Graph imported,
      PrecisionSettings start,
      ImmutableList<ImmutableMap<String, Tensor>> samples,
      Backend backend) {
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
            DeviationBound.parse(bounds.isEmpty() ? DEFAULT : bounds.getFirst()),
            candidates(start.floating()),
            budget,
            backend,
            backend == Backend.TENSORRT ? Optional.of(Latency::built) : Optional.empty(),
            line -> spec.commandLine().getErr().println("tenrec: precision: " + line))
        .find(imported, start, samples);
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
