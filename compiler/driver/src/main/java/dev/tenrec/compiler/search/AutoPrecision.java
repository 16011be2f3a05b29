package dev.tenrec.compiler.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.accuracy.DeviationBound;
import dev.tenrec.passes.accuracy.RecordedOutputs;
import dev.tenrec.passes.quantize.QuantizationPlan;
import dev.tenrec.passes.quantize.QuantizeGraph;
import dev.tenrec.passes.search.PrecisionSearch;
import dev.tenrec.tensorrt.ShapeProfile;
import java.util.Locale;
import java.util.function.Consumer;

/**
 * Finds which parts of a model can be quantized such that its outputs on samples stay close to
 * those in single precision.
 *
 * @param tolerance how close
 * @param types to choose from for each region, beginning with the one that gains most
 * @param budget how many choices may be run
 * @param backend what runs them
 * @param progress takes a line about each choice and one about the result
 */
public record AutoPrecision(
    DeviationBound tolerance,
    ImmutableList<ElementType> types,
    int budget,
    Backend backend,
    Consumer<String> progress) {
  /** The least budget of a search. */
  public static final int LEAST_BUDGET = PrecisionSearch.LEAST_BUDGET;

  /**
   * Settings that are accurate enough: those given with exceptions; or those for single precision
   * if half precision is not.
   *
   * @param samples inputs of the model, each run once for each choice
   */
  public PrecisionSettings find(
      Graph imported,
      PrecisionSettings start,
      ImmutableList<ImmutableMap<String, Tensor>> samples) {
    Graph graph = Pipeline.standard().run(imported);
    ShapeProfile shapes = ShapeProfile.covering(Signature.of(imported), samples);
    PrecisionSearch search =
        new PrecisionSearch(regions(graph, start), types, tolerance.largest(), budget, this::tell);
    try (Executable exact = backend.openQuickly(graph, shapes)) {
      RecordedOutputs reference = new RecordedOutputs(exact, samples);
      PrecisionSearch.Result result =
          search.run(choice -> error(graph, start.withExceptions(choice), shapes, reference));
      progress.accept(summary(result));
      return result.accurate()
          ? start.withExceptions(result.types())
          : PrecisionSettings.of(Precision.FP32);
    }
  }

  private double error(
      Graph graph, PrecisionSettings settings, ShapeProfile shapes, RecordedOutputs reference) {
    Graph candidate = settings.afterStandard().run(graph);
    try (Executable executable = backend.openQuickly(candidate, shapes)) {
      return tolerance.error(reference.with(executable));
    }
  }

  private void tell(int measured, String choice, double error) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "%d of at most %d: %s: %s",
            measured,
            budget,
            choice,
            tolerance.describe(error)));
  }

  /** The regions that would be quantized if nothing forbade it. */
  private ImmutableList<String> regions(Graph graph, PrecisionSettings start) {
    QuantizationPlan plan = new QuantizeGraph(types.getFirst(), start.table()).plan(graph);
    return plan.quantized().stream()
        .map(region -> region.name())
        .collect(ImmutableList.toImmutableList());
  }

  private static String summary(PrecisionSearch.Result result) {
    long quantized =
        result.types().values().stream().filter(type -> type != PrecisionSearch.FLOAT).count();
    String extent = "%d of %d regions quantized".formatted(quantized, result.types().size());
    return result.accurate()
        ? extent
        : extent + ": half precision is not accurate enough, all is computed in float32";
  }
}
