package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A listing on the page: the graph behind a pass, the imported graph, or the network.
 *
 * @param kind {@code import}, {@code pass}, {@code lowering} for passes that make the graph fit for
 *     TensorRT, or {@code network}
 * @param run the pass that made it, if one did
 * @param lines the numbers of its lines
 * @param events rewrites: the rule, the value that was replaced, the value that took its place or
 *     -1 if that is new
 */
record Stage(
    String name,
    String kind,
    Optional<PassRun> run,
    ImmutableList<Integer> lines,
    ImmutableList<Event> events) {

  /** A rewrite, in numbers. */
  record Event(int rule, int before, int after) {}

  static Stage of(String name, String kind, ImmutableList<Integer> lines) {
    return new Stage(name, kind, Optional.empty(), lines, ImmutableList.of());
  }

  /** The stage behind a pass; the stage before it must be the last that the tables know. */
  static Stage of(String kind, PassRun run, Tables tables) {
    Map<Value, Integer> roots = new HashMap<>();
    List<Integer> before = new ArrayList<>();
    for (Rewrite rewrite : run.rewrites()) {
      // Where one rewrite follows another, what the first made is in no graph.
      Optional<Integer> root = Optional.ofNullable(roots.get(rewrite.before()));
      int number = root.or(() -> tables.values().find(rewrite.before())).orElse(-1);
      if (tables.values().of(rewrite.after()) < 0) {
        roots.put(rewrite.after(), number);
      }
      before.add(number);
    }
    ImmutableList<Integer> lines = tables.listing(run.after());
    ImmutableList.Builder<Event> events = ImmutableList.builder();
    for (int i = 0; i < before.size(); i++) {
      Rewrite rewrite = run.rewrites().get(i);
      int after = tables.values().of(rewrite.after());
      events.add(new Event(tables.string(rewrite.rule()), before.get(i), after));
    }
    return new Stage(run.pass(), kind, Optional.of(run), lines, events.build());
  }

  /**
   * The lines as runs: {@code [i, n]} stands for n lines of the listing before from the i-th on,
   * {@code [-1, a, b, ...]} for the lines a, b, ...
   */
  ImmutableList<ImmutableList<Integer>> runs(List<Integer> previous) {
    Map<Integer, Integer> positions = new HashMap<>();
    for (int i = 0; i < previous.size(); i++) {
      positions.put(previous.get(i), i);
    }
    ImmutableList.Builder<ImmutableList<Integer>> runs = ImmutableList.builder();
    int i = 0;
    while (i < lines.size()) {
      int from = i;
      Integer start = positions.get(lines.get(i));
      if (start == null) {
        while (i < lines.size() && !positions.containsKey(lines.get(i))) {
          i++;
        }
        runs.add(ImmutableList.<Integer>builder().add(-1).addAll(lines.subList(from, i)).build());
      } else {
        while (i < lines.size()
            && start + i - from < previous.size()
            && previous.get(start + i - from).equals(lines.get(i))) {
          i++;
        }
        runs.add(ImmutableList.of(start, i - from));
      }
    }
    return runs.build();
  }
}
