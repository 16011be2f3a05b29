package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import dev.tenrec.compiler.Backend;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.accuracy.DeviationBound;
import dev.tenrec.passes.accuracy.RecordedOutputs;
import dev.tenrec.passes.accuracy.Sensitivity;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.quantize.ScaleChannels;
import java.util.Optional;

/**
 * Ranks the operations of a model by what each does to the outputs where it alone is computed in 16
 * bits.
 *
 * @param low how operations get their types
 * @param tolerance what must hold for all outputs; nothing if empty
 */
public record FloatSensitivity(
    AssignPrecision low, ImmutableList<DeviationBound> tolerance, Backend backend) {

  /**
   * What was found.
   *
   * @param kept the operations that must stay in float32 for the tolerance to hold; empty if there
   *     is none, or if it does not hold even so
   */
  public record Result(
      ImmutableList<Sensitivity.Effect> ranking, Optional<ImmutableList<String>> kept) {}

  /** Runs a model on samples: once for each operation, and some times more for the tolerance. */
  public Result measure(Graph model, ImmutableList<ImmutableMap<String, Tensor>> samples) {
    Trials trials = Trials.of(model, samples, backend);
    RecordedOutputs exact =
        trials.run(Pipeline.of(), single -> new RecordedOutputs(single, samples));
    ImmutableList<String> regions = low.regions(trials.graph());
    Sensitivity sensitivity =
        new Sensitivity(
            regions,
            chosen ->
                trials.run(
                    Pipeline.of(new ScaleChannels(low.table().factors()), only(chosen, regions)),
                    exact::with));
    ImmutableList<Sensitivity.Effect> ranking = sensitivity.rank();
    return new Result(
        ranking, tolerance.isEmpty() ? Optional.empty() : sensitivity.kept(ranking, tolerance));
  }

  private AssignPrecision only(ImmutableSet<String> chosen, ImmutableList<String> regions) {
    return low.keeping(regions.stream().filter(region -> !chosen.contains(region)).toList());
  }
}
