package dev.tenrec.compiler.accuracy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.passes.accuracy.Deviation;
import dev.tenrec.passes.accuracy.DeviationBound;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What is tolerated of a precision.
 *
 * @param outputs how far each output may be from that in single precision
 * @param task what must be reached at a task
 */
public record Bounds(ImmutableList<DeviationBound> outputs, ImmutableList<TaskBound> task) {
  /**
   * Reads bounds as users write them.
   *
   * @throws dev.tenrec.ir.diagnostic.TenrecException with {@code INVALID_ARGUMENT} if one is none
   */
  public static Bounds parse(List<String> texts) {
    ImmutableList.Builder<DeviationBound> outputs = ImmutableList.builder();
    ImmutableList.Builder<TaskBound> task = ImmutableList.builder();
    for (String text : texts) {
      if (TaskBound.isMeant(text)) {
        task.add(TaskBound.parse(text));
      } else {
        outputs.add(DeviationBound.parse(text));
      }
    }
    return new Bounds(outputs.build(), task.build());
  }

  /** Whether a task is bounded by a metric. */
  public boolean bound(Metric metric) {
    return task.stream().anyMatch(bound -> bound.metric() == metric);
  }

  /**
   * Whether all hold.
   *
   * @param deviations of all outputs
   * @param scores of the task; necessary if one is bounded
   */
  public boolean hold(Collection<Deviation> deviations, Optional<Agreement> scores) {
    return outputs.stream().allMatch(bound -> deviations.stream().allMatch(bound::holds))
        && task.stream().allMatch(bound -> bound.holds(scores.orElseThrow().candidate()));
  }

  /** What a score does not reach, in words. */
  public Stream<String> missed(double score) {
    return task.stream()
        .filter(bound -> !bound.holds(score))
        .map(bound -> ": %s, not %s".formatted(bound.describe(bound.error(score)), bound));
  }
}
