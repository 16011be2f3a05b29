package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.precision.PrecisionPlan;
import java.time.Duration;
import java.util.Optional;

/**
 * One run of one pass.
 *
 * @param pass its name
 * @param before the graph that it was given
 * @param after the graph that it made, the same object if it changed nothing
 * @param time without the work of listeners
 * @param rewrites in the order in which they were made
 * @param precision the decisions, if the pass applies some
 * @param evidence what checks found about it
 */
public record PassRun(
    String pass,
    Graph before,
    Graph after,
    Duration time,
    ImmutableList<Rewrite> rewrites,
    Optional<PrecisionPlan> precision,
    ImmutableList<Evidence> evidence) {

  PassRun with(Evidence more) {
    ImmutableList<Evidence> all =
        ImmutableList.<Evidence>builder().addAll(evidence).add(more).build();
    return new PassRun(pass, before, after, time, rewrites, precision, all);
  }
}
