package dev.tenrec.compiler.bench;

import com.google.common.collect.ImmutableList;
import dev.tenrec.runtime.PreparedRun;
import java.util.ArrayList;
import java.util.List;

/** Times several prepared runs in turn, so that what drifts meets all of them alike. */
final class Timing {
  private static final double WARM_UP_MILLISECONDS = 200;
  private static final double MEASURED_MILLISECONDS = 1000;
  private static final int TURNS = 20;
  private static final int MIN_RUNS = 5;
  private static final int MAX_RUNS = 200;

  private Timing() {}

  /** The samples of each run. */
  static ImmutableList<List<PreparedRun.Sample>> measure(List<PreparedRun> runs) {
    runs.forEach(Timing::warmUp);
    double slowest = runs.stream().mapToDouble(run -> run.run().host()).max().orElse(1);
    int repeats = Math.clamp((long) (MEASURED_MILLISECONDS / TURNS / slowest), MIN_RUNS, MAX_RUNS);
    ImmutableList<List<PreparedRun.Sample>> samples =
        runs.stream()
            .<List<PreparedRun.Sample>>map(_ -> new ArrayList<>())
            .collect(ImmutableList.toImmutableList());
    for (int turn = 0; turn < TURNS; turn++) {
      for (int i = 0; i < runs.size(); i++) {
        // The first run after another engine's finds its memory cold.
        runs.get(i).run();
        for (int repeat = 0; repeat < repeats; repeat++) {
          samples.get(i).add(runs.get(i).run());
        }
      }
    }
    return samples;
  }

  private static void warmUp(PreparedRun run) {
    for (double spent = 0; spent < WARM_UP_MILLISECONDS; ) {
      spent += run.run().host();
    }
  }
}
