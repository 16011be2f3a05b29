package dev.tenrec.passes.accuracy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import java.util.Comparator;
import java.util.Optional;
import java.util.function.Function;

/**
 * How much each part of a graph hurts where it alone is computed in a low precision.
 *
 * @param regions the parts that can be computed in either
 * @param measure how far the outputs are from those in single precision where the given parts, and
 *     no others, are computed in the low one
 */
public record Sensitivity(
    ImmutableList<String> regions, Function<ImmutableSet<String>, Comparison> measure) {

  /** What one region does to the output that suffers most from it. */
  public record Effect(String region, Deviation deviation) {}

  /** The regions by the ratio of signal to noise, the one that hurts most first. */
  public ImmutableList<Effect> rank() {
    return regions.stream()
        .map(region -> new Effect(region, measure.apply(ImmutableSet.of(region)).worst()))
        .sorted(Comparator.comparingDouble(effect -> effect.deviation().decibels()))
        .collect(ImmutableList.toImmutableList());
  }

  /**
   * The regions that have to stay in single precision: of those that hurt most, the fewest with
   * which all bounds hold for the others together.
   *
   * @param ranking of all regions
   * @return empty if not even all of them are enough
   */
  public Optional<ImmutableList<String>> kept(
      ImmutableList<Effect> ranking, ImmutableList<DeviationBound> bounds) {
    ImmutableList<String> worst =
        ranking.stream().map(Effect::region).collect(ImmutableList.toImmutableList());
    if (!isEnough(worst, worst.size(), bounds)) {
      return Optional.empty();
    }
    int tooFew = -1;
    int enough = worst.size();
    while (enough - tooFew > 1) {
      int middle = (tooFew + enough) / 2;
      if (isEnough(worst, middle, bounds)) {
        enough = middle;
      } else {
        tooFew = middle;
      }
    }
    return Optional.of(worst.subList(0, enough));
  }

  private boolean isEnough(
      ImmutableList<String> worst, int kept, ImmutableList<DeviationBound> bounds) {
    ImmutableSet<String> low = ImmutableSet.copyOf(worst.subList(kept, worst.size()));
    Comparison comparison = measure.apply(low);
    return bounds.stream().allMatch(bound -> bound.holds(comparison));
  }
}
