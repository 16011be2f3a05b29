package dev.tenrec.passes.search;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.collect.Lists;
import com.google.common.collect.Maps;
import dev.tenrec.ir.tensor.ElementType;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Finds, for each region of a graph, the type that gains most with which the whole stays accurate
 * enough. It begins with the first type that is accurate enough for all regions at once. From there
 * it goes back to those that gain more, one after the other: as many regions as possible get it,
 * those first that hurt least where they alone do.
 *
 * @param regions the types that each can have, by name; all can have the last one
 * @param types from the one that gains most to the most exact one
 * @param bound the largest error that is accurate enough
 * @param budget how many choices may be measured, at least one for each type; where it is small,
 *     neighbours share a measurement
 * @param progress is told about each choice that was measured
 */
public record PrecisionSearch(
    ImmutableMap<String, ImmutableSet<ElementType>> regions,
    ImmutableList<ElementType> types,
    double bound,
    int budget,
    Progress progress) {

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
   * @param accurate whether the error is within the bound; if not, all regions have the last type
   * @param measured how many choices
   */
  public record Result(
      ImmutableMap<String, ElementType> types, double error, boolean accurate, int measured) {}

  /** With something to choose from, and the means for it. */
  public PrecisionSearch {
    if (types.isEmpty() || budget < types.size()) {
      throw new IllegalArgumentException("%s, budget %d".formatted(types, budget));
    }
  }

  /** Searches. */
  public Result run(Measure measure) {
    return new Run(measure).find();
  }

  /** One search, and the best choice so far. */
  private final class Run {
    private final Measure measure;
    private final Map<ImmutableMap<String, ElementType>, Double> errors = new HashMap<>();
    private ImmutableMap<String, ElementType> best = ImmutableMap.of();
    private double error = Double.NaN;

    Run(Measure measure) {
      this.measure = measure;
    }

    Result find() {
      for (int first = 0; first < types.size(); first++) {
        best = uniform(first);
        error = measure("all in " + types.get(first).text(), best);
        if (error <= bound) {
          for (int faster = first - 1; faster >= 0; faster--) {
            extend(types.get(faster), errors.size() + (budget - errors.size()) / (faster + 1));
          }
          break;
        }
      }
      return new Result(best, error, error <= bound, errors.size());
    }

    /** Each region in the first type that it can have, from some type on. */
    private ImmutableMap<String, ElementType> uniform(int first) {
      List<ElementType> allowed = types.subList(first, types.size());
      return ImmutableMap.copyOf(
          Maps.transformValues(
              regions, own -> allowed.stream().filter(own::contains).findFirst().orElse(last())));
    }

    private ElementType last() {
      return types.getLast();
    }

    /**
     * Gives a type to as many regions as possible.
     *
     * @param limit how many choices may have been measured then
     */
    private void extend(ElementType type, int limit) {
      List<String> candidates =
          List.copyOf(Maps.filterValues(regions, own -> own.contains(type)).keySet());
      List<String> order = leastSensitiveFirst(candidates, type, limit);
      ImmutableMap<String, ElementType> start = best;
      int enough = 0;
      int tooMany = order.size() + 1;
      while (tooMany - enough > 1 && errors.size() < limit) {
        int middle = (enough + tooMany) / 2;
        ImmutableMap<String, ElementType> tried = with(start, order.subList(0, middle), type);
        double found = measure("%d in %s".formatted(middle, type.text()), tried);
        if (found <= bound) {
          enough = middle;
          best = tried;
          error = found;
        } else {
          tooMany = middle;
        }
      }
    }

    /** Regions by the error where each alone, or with its neighbours, has a type. */
    private List<String> leastSensitiveFirst(List<String> candidates, ElementType type, int limit) {
      int steps = Integer.SIZE - Integer.numberOfLeadingZeros(candidates.size());
      int tries = limit - errors.size() - steps;
      if (tries <= 0 || candidates.isEmpty()) {
        return List.of();
      }
      Map<String, Double> sensitivities = new LinkedHashMap<>();
      for (List<String> group :
          Lists.partition(candidates, Math.ceilDiv(candidates.size(), tries))) {
        String what = "only %s in %s".formatted(String.join(", ", group), type.text());
        double alone = measure(what, with(best, group, type));
        group.forEach(region -> sensitivities.put(region, alone));
      }
      return sensitivities.entrySet().stream()
          .sorted(Map.Entry.comparingByValue())
          .map(Map.Entry::getKey)
          .toList();
    }

    private double measure(String what, ImmutableMap<String, ElementType> choice) {
      Double known = errors.get(choice);
      if (known != null) {
        return known;
      }
      double found = measure.error(choice);
      errors.put(choice, found);
      progress.measured(errors.size(), what, found);
      return found;
    }

    private ImmutableMap<String, ElementType> with(
        ImmutableMap<String, ElementType> choice, List<String> changed, ElementType type) {
      Map<String, ElementType> result = new LinkedHashMap<>(choice);
      changed.forEach(region -> result.put(region, type));
      return ImmutableMap.copyOf(result);
    }
  }
}
