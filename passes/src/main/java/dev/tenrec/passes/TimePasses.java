package dev.tenrec.passes;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Notes how long each pass takes and how many nodes it leaves. For one run, not several threads.
 */
public final class TimePasses implements PipelineListener {
  private final List<Row> rows = new ArrayList<>();
  private long start;

  /**
   * One run of one pass.
   *
   * @param nodes the number of nodes behind the pass
   */
  public record Row(String pass, Duration time, int nodes) {}

  @Override
  public void before(Pass pass, Graph graph) {
    start = System.nanoTime();
  }

  @Override
  public void after(Pass pass, Graph before, Graph after) {
    Duration time = Duration.ofNanos(System.nanoTime() - start);
    rows.add(new Row(pass.name(), time, after.nodes().size()));
  }

  public ImmutableList<Row> rows() {
    return ImmutableList.copyOf(rows);
  }

  /** A table with one line per pass, times in milliseconds. */
  @Override
  public String toString() {
    StringBuilder table = new StringBuilder("%-36s %10s %8s%n".formatted("pass", "ms", "nodes"));
    for (Row row : rows) {
      double milliseconds = row.time().toNanos() / 1e6;
      table.append("%-36s %10.1f %8d%n".formatted(row.pass(), milliseconds, row.nodes()));
    }
    return table.toString();
  }
}
