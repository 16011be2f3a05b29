package dev.tenrec.passes.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.Lists;
import dev.tenrec.ir.tensor.ElementType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds, for each region of a graph, the fewest bits with which the whole stays accurate enough:
 * all regions at once if that does; else those that hurt most when they alone are rounded stay in
 * float, as few as possible; those get the more exact types, in which they are tried one by one,
 * starting with the one that hurts least.
 *
 * @param regions by name
 * @param types from the one that gains most; what no type suits stays in float
 * @param bound the largest error that is accurate enough
 * @param budget how many choices may be measured, at least 3; with fewer than regions, neighbours
 *     share a measurement
 * @param progress is told about each choice that was measured
 */
public record PrecisionSearch(
    ImmutableList<String> regions,
    ImmutableList<ElementType> types,
    double bound,
    int budget,
    Progress progress) {
  /** What a region computes in that is not quantized. */
  public static final ElementType FLOAT = ElementType.FLOAT32;

  /** The least budget: all quantized, none, and one in between. */
  public static final int LEAST_BUDGET = 3;

  /** Measures the error of a choice; larger is worse, and NaN is worst. */
  @FunctionalInterface
  public interface Measure {
    /**
     * The error of the whole graph.
     *
     * @param types for every region
     */
    double error(ImmutableMap<String, ElementType> types);
  }

  /** Is told about a choice that was measured. */
  @FunctionalInterface
  public interface Progress {
    /**
     * One more was measured.
     *
     * @param measured how many were
     * @param choice the last one in words
     * @param error of the last one
     */
    void measured(int measured, String choice, double error);
  }

  /**
   * What was found.
   *
   * @param types for every region
   * @param error of that choice
   * @param accurate whether the error is within the bound; if not, all regions are in float and the
   *     model is not accurate enough even so
   * @param sensitivities the error where one region alone is quantized in the first type, of those
   *     that were measured, the largest first
   * @param measured how many choices
   */
  public record Result(
      ImmutableMap<String, ElementType> types,
      double error,
      boolean accurate,
      ImmutableMap<String, Double> sensitivities,
      int measured) {}

  /** With something to choose from. */
  public PrecisionSearch {
    if (types.isEmpty() || types.contains(FLOAT) || budget < LEAST_BUDGET) {
      throw new IllegalArgumentException("%s, budget %d".formatted(types, budget));
    }
  }

  /** Searches. */
  public Result run(Measure measure) {
    return new Run(measure).find();
  }

  /** One search. */
  private final class Run {
    private final Measure measure;
    private final Map<String, Double> sensitivities = new LinkedHashMap<>();
    private int measured;

    Run(Measure measure) {
      this.measure = measure;
    }

    Result find() {
      ImmutableMap<String, ElementType> all = choice(regions, types.getFirst());
      double error = measure("all in " + types.getFirst().text(), all);
      if (error <= bound) {
        return result(all, error);
      }
      ImmutableMap<String, ElementType> none = choice(List.of(), FLOAT);
      double least = measure("all in float", none);
      return least <= bound ? refined(none, least) : result(none, least);
    }

    private Result refined(ImmutableMap<String, ElementType> none, double least) {
      List<String> order = leastSensitiveFirst();
      ImmutableMap<String, ElementType> best = none;
      double error = least;
      int low = 0;
      int high = order.size();
      while (high - low > 1 && measured < budget) {
        int middle = (low + high) / 2;
        var tried = choice(order.subList(0, middle), types.getFirst());
        double found = measure("%d in %s".formatted(middle, types.getFirst().text()), tried);
        if (found <= bound) {
          low = middle;
          best = tried;
          error = found;
        } else {
          high = middle;
        }
      }
      return upgraded(best, error, order);
    }

    /** Tries the types between the first one and float for what stayed in float. */
    private Result upgraded(
        ImmutableMap<String, ElementType> start, double startError, List<String> order) {
      ImmutableMap<String, ElementType> best = start;
      double error = startError;
      for (ElementType type : types.subList(1, types.size())) {
        for (String region : order) {
          if (best.get(region) == FLOAT && measured < budget) {
            Map<String, ElementType> changed = new HashMap<>(best);
            changed.put(region, type);
            ImmutableMap<String, ElementType> tried = inOrder(changed);
            double found = measure("%s in %s".formatted(region, type.text()), tried);
            if (found <= bound) {
              best = tried;
              error = found;
            }
          }
        }
      }
      return result(best, error);
    }

    /** Regions by the error that each causes alone, or with its neighbours. */
    private List<String> leastSensitiveFirst() {
      int steps = Integer.SIZE - Integer.numberOfLeadingZeros(regions.size());
      int tries = Math.max(1, budget - measured - steps);
      int together = Math.max(1, Math.ceilDiv(regions.size(), tries));
      for (List<String> group : Lists.partition(regions, together)) {
        double error = measure("only " + String.join(", ", group), choice(group, types.getFirst()));
        group.forEach(region -> sensitivities.put(region, error));
      }
      List<String> order = new ArrayList<>(regions);
      order.sort(Comparator.comparingDouble(this::sensitivity));
      return order;
    }

    private double sensitivity(String region) {
      return sensitivities.getOrDefault(region, Double.NaN);
    }

    private double measure(String what, ImmutableMap<String, ElementType> choice) {
      measured++;
      double error = measure.error(choice);
      progress.measured(measured, what, error);
      return error;
    }

    private ImmutableMap<String, ElementType> choice(List<String> chosen, ElementType type) {
      Map<String, ElementType> choice = new HashMap<>();
      chosen.forEach(region -> choice.put(region, type));
      return inOrder(choice);
    }

    private ImmutableMap<String, ElementType> inOrder(Map<String, ElementType> choice) {
      return regions.stream()
          .collect(ImmutableMap.toImmutableMap(r -> r, r -> choice.getOrDefault(r, FLOAT)));
    }

    private Result result(ImmutableMap<String, ElementType> choice, double error) {
      ImmutableMap<String, Double> ranked =
          sensitivities.entrySet().stream()
              .sorted(Map.Entry.<String, Double>comparingByValue().reversed())
              .collect(ImmutableMap.toImmutableMap(Map.Entry::getKey, Map.Entry::getValue));
      return new Result(choice, error, error <= bound, ranked, measured);
    }
  }
}
