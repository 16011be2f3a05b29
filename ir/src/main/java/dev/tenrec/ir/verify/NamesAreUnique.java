package dev.tenrec.ir.verify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Inputs have different names, and outputs do. */
record NamesAreUnique() implements GraphCheck {
  @Override
  public String property() {
    return "inputs have different names, and outputs do";
  }

  @Override
  public void check(Graph graph, Report report) {
    check("inputs", graph.inputs().stream().map(Value::name).toList(), report);
    ImmutableList<Graph.Output> outputs = graph.outputs();
    check("outputs", outputs.stream().map(Graph.Output::name).toList(), report);
  }

  private static void check(String what, List<String> names, Report report) {
    Set<String> seen = new HashSet<>();
    names.stream()
        .filter(name -> !seen.add(name))
        .forEach(name ->
            report.violation(Location.UNKNOWN, "several %s are named '%s'".formatted(what, name)));
  }
}
