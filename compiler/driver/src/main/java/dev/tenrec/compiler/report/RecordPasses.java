package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.PipelineListener;
import dev.tenrec.passes.RewriteListener;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.precision.PrecisionPlan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Keeps what passes do. Times are exact where this is the last listener before a pass and the first
 * behind it. Graphs share what did not change, so that keeping all of them costs little. For one
 * run, not several threads.
 */
public final class RecordPasses implements PipelineListener, RewriteListener {
  private final Graph imported;
  private final List<PassRun> runs = new ArrayList<>();
  private final List<Rewrite> rewrites = new ArrayList<>();
  private Optional<PrecisionPlan> precision = Optional.empty();
  private long start;

  /** For passes that begin with the given graph. */
  public RecordPasses(Graph imported) {
    this.imported = imported;
  }

  @Override
  public void before(Pass pass, Graph graph) {
    rewrites.clear();
    precision =
        pass instanceof AssignPrecision assign ? Optional.of(assign.plan(graph)) : Optional.empty();
    start = System.nanoTime();
  }

  @Override
  public void applied(String rule, Value before, Value after) {
    rewrites.add(new Rewrite(rule, before, after));
  }

  @Override
  public void after(Pass pass, Graph before, Graph after) {
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    runs.add(
        new PassRun(
            pass.name(),
            before,
            after,
            time,
            ImmutableList.copyOf(rewrites),
            precision,
            ImmutableList.of()));
  }

  /** The graph before the first pass. */
  Graph imported() {
    return imported;
  }

  /** The graph behind the last pass. */
  public Graph last() {
    return runs.isEmpty() ? imported : runs.getLast().after();
  }

  ImmutableList<PassRun> runs() {
    return ImmutableList.copyOf(runs);
  }
}
