package dev.tenrec.compiler.search;

import com.google.common.collect.EnumMultiset;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.LinkedHashMultimap;
import com.google.common.collect.Maps;
import com.google.common.collect.Multiset;
import com.google.common.collect.SetMultimap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.TaskBound;
import dev.tenrec.compiler.accuracy.Trials;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.quantize.QuantizeGraph;
import dev.tenrec.passes.quantize.Region;
import dev.tenrec.passes.search.PrecisionSearch;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Finds for each operation that gains from it the fewest bits with which a model is accurate
 * enough.
 *
 * @param requirement what is accurate enough, on which samples
 * @param candidates what may be tried; single precision always is
 * @param budget how many choices may be run
 * @param backend what runs them
 * @param latency leaves out types of 8 bits with which the model is not faster than with what they
 *     would take the place of
 * @param progress takes a line about each choice and one about the result
 */
public record AutoPrecision(
    Requirement requirement,
    ImmutableSet<Precision> candidates,
    int budget,
    Backend backend,
    Optional<LatencyMeter> latency,
    Consumer<String> progress) {
  /** What can be tried, from what gains most to what is most exact. */
  public static final ImmutableList<Precision> ORDER =
      ImmutableList.of(
          Precision.INT8, Precision.FP8, Precision.FP16, Precision.BF16, Precision.FP32);

  /** The least budget of a search. */
  public static final int LEAST_BUDGET = ORDER.size();

  /** Of what can be told apart. */
  public AutoPrecision {
    if (!ORDER.containsAll(candidates)) {
      throw new IllegalArgumentException("%s".formatted(candidates));
    }
  }

  /**
   * Settings that are accurate enough: those given with exceptions; or those for single precision
   * if nothing else is.
   *
   * @throws TenrecException with {@code UNSUPPORTED} if a task cannot be done so well
   */
  public PrecisionSettings find(Graph imported, PrecisionSettings given) {
    Trials trials = Trials.of(imported, requirement.inputs(), backend);
    Function<Executable, Double> error = requirement.error(trials);
    ImmutableList<Precision> tried =
        ORDER.stream()
            .filter(precision -> candidates.contains(precision) || precision == Precision.FP32)
            .collect(ImmutableList.toImmutableList());
    PrecisionSettings start = given.withFloating(firstFloating(tried));
    ImmutableList<Precision> worthwhile =
        latency.map(meter -> worthwhile(tried, start, trials, meter)).orElse(tried);
    PrecisionSearch search =
        new PrecisionSearch(
            types(trials.graph(), start, worthwhile),
            worthwhile.stream().map(AutoPrecision::type).collect(ImmutableList.toImmutableList()),
            requirement.bound().largest(),
            budget,
            this::tell);
    PrecisionSearch.Result result =
        search.run(choice -> trials.run(start.withExceptions(choice).afterStandard(), error));
    PrecisionSettings found =
        result.accurate()
            ? plain(start.withExceptions(result.types()))
            : single(start, trials, error);
    progress.accept(summary(result));
    return found;
  }

  /** Single precision, in which outputs are what they are compared with. */
  private PrecisionSettings single(
      PrecisionSettings start, Trials trials, Function<Executable, Double> error) {
    PrecisionSettings single = start.in(Precision.FP32);
    if (requirement instanceof Requirement.OfTask(TaskBound bound, _)) {
      double found = trials.run(single.afterStandard(), error);
      if (!(found <= bound.largest())) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "%s does not hold: %s in single precision".formatted(bound, bound.describe(found)))
            .advise("demand less, or look whether the data fit the model");
      }
    }
    return single;
  }

  /** Half precision by its name, where nothing is left in 8 bits: nobody need compare both. */
  private static PrecisionSettings plain(PrecisionSettings found) {
    boolean half =
        found.floating() == Precision.FP16
            && !found.attention()
            && found.exceptions().values().stream().noneMatch(QuantizeGraph::quantizes);
    return half ? found.in(Precision.FP16) : found;
  }

  private static ElementType type(Precision precision) {
    return precision.activations().or(precision::floating).orElseThrow();
  }

  private static Precision firstFloating(List<Precision> precisions) {
    return precisions.stream()
        .filter(precision -> precision.floating().isPresent())
        .findFirst()
        .orElseThrow();
  }

  /** Those in floating point, and those of 8 bits that are worth their errors. */
  private ImmutableList<Precision> worthwhile(
      ImmutableList<Precision> tried, PrecisionSettings start, Trials trials, LatencyMeter meter) {
    ImmutableList<Precision> timed =
        tried.stream()
            .filter(precision ->
                precision == start.floating() || quantizes(precision, start, trials.graph()))
            .collect(ImmutableList.toImmutableList());
    if (timed.size() == 1) {
      return tried;
    }
    List<Graph> forms =
        timed.stream()
            .map(precision -> start.in(precision).afterStandard().run(trials.graph()))
            .toList();
    ImmutableSet<Precision> slow = slow(timed, meter.milliseconds(forms, trials.shapes()));
    return tried.stream()
        .filter(precision -> !slow.contains(precision))
        .collect(ImmutableList.toImmutableList());
  }

  private static boolean quantizes(Precision precision, PrecisionSettings start, Graph graph) {
    return precision.floating().isEmpty() && !names(graph, start, type(precision)).isEmpty();
  }

  /** Those with which the whole model is not faster than with all that are behind them. */
  private ImmutableSet<Precision> slow(List<Precision> timed, List<Double> times) {
    ImmutableSet.Builder<Precision> slow = ImmutableSet.builder();
    double least = Double.POSITIVE_INFINITY;
    for (int i = timed.size() - 1; i >= 0; i--) {
      boolean gains = times.get(i) < least;
      progress.accept(
          String.format(
              Locale.ROOT,
              "all in %s: %.4f ms%s",
              timed.get(i),
              times.get(i),
              gains ? "" : ", which gains nothing"));
      if (!gains) {
        slow.add(timed.get(i));
      }
      least = Math.min(least, times.get(i));
    }
    return slow.build();
  }

  /** What each operation that gains from few bits can be computed in. */
  private static ImmutableMap<String, ImmutableSet<ElementType>> types(
      Graph graph, PrecisionSettings start, ImmutableList<Precision> precisions) {
    SetMultimap<String, ElementType> types = LinkedHashMultimap.create();
    start
        .quantization(ElementType.INT8)
        .plan(graph)
        .regions()
        .forEach(region -> types.put(region.name(), ElementType.FLOAT32));
    for (Precision precision : precisions) {
      names(graph, start, type(precision)).forEach(name -> types.put(name, type(precision)));
    }
    return ImmutableMap.copyOf(Maps.transformValues(types.asMap(), ImmutableSet::copyOf));
  }

  /** Of what would be computed in a type if nothing forbade it. */
  private static List<String> names(Graph graph, PrecisionSettings start, ElementType type) {
    return QuantizeGraph.quantizes(type)
        ? start.quantization(type).plan(graph).quantized().stream().map(Region::name).toList()
        : start.assignment(type).regions(graph);
  }

  private void tell(int measured, String choice, double error) {
    progress.accept(
        String.format(
            Locale.ROOT,
            "%d of at most %d: %s: %s",
            measured,
            budget,
            choice,
            requirement.bound().describe(error)));
  }

  private static String summary(PrecisionSearch.Result result) {
    if (!result.accurate()) {
      return "nothing but float32 is accurate enough for the whole model";
    }
    Multiset<ElementType> counts = EnumMultiset.create(result.types().values(), ElementType.class);
    return counts.elementSet().stream()
        .map(type -> "%d in %s".formatted(counts.count(type), type.text()))
        .collect(Collectors.joining(", ", "%d operations: ".formatted(counts.size()), ""));
  }
}
