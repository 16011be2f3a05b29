package dev.tenrec.compiler.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.Trials;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.accuracy.DeviationBound;
import dev.tenrec.passes.quantize.QuantizeGraph;
import dev.tenrec.passes.quantize.Region;
import dev.tenrec.passes.search.PrecisionSearch;
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
    Trials trials = Trials.of(imported, samples, backend);
    PrecisionSearch search =
        new PrecisionSearch(
            regions(trials.graph(), start), types, tolerance.largest(), budget, this::tell);
    PrecisionSearch.Result result =
        search.run(choice ->
            tolerance.error(trials.compare(start.withExceptions(choice).afterStandard())));
    progress.accept(summary(result));
    return result.accurate() ? start.withExceptions(result.types()) : start.in(Precision.FP32);
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
    QuantizeGraph all =
        new QuantizeGraph(types.getFirst(), start.table(), ImmutableMap.of(), start.overrides());
    return all.plan(graph).quantized().stream()
        .map(Region::name)
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
