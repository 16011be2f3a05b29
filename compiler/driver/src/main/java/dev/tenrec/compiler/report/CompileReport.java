package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Range;
import dev.tenrec.ir.Graph;
import dev.tenrec.passes.check.CheckReport;

/**
 * What happened to a model while it was compiled.
 *
 * @param model the name of its file
 * @param settings what it was compiled for, in words
 * @param imported the graph before the first pass
 * @param passes in the order in which they ran
 * @param network what the last graph becomes
 */
public record CompileReport(
    String model,
    String settings,
    Graph imported,
    ImmutableList<PassRun> passes,
    NetworkListing network) {

  /** What was recorded, and the network that the last graph becomes. */
  public static CompileReport of(
      String model, String settings, RecordPasses record, NetworkListing network) {
    return new CompileReport(model, settings, record.imported(), record.runs(), network);
  }

  /** With what a check by numbers found about the passes: it must have watched the same run. */
  public CompileReport with(CheckReport checks) {
    ImmutableList.Builder<PassRun> checked = ImmutableList.builder();
    long rewrites = 0;
    for (CheckReport.PassRow row : checks.passes()) {
      PassRun run = passes.get(row.position());
      Range<Long> numbers = Range.openClosed(rewrites, rewrites + run.rewrites().size());
      rewrites += run.rewrites().size();
      checked.add(row.changed() ? run.with(Evidence.of(row, numbers, checks)) : run);
    }
    return new CompileReport(model, settings, imported, checked.build(), network);
  }
}
