package dev.tenrec.cli;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.Pass;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.PipelineListener;
import java.io.PrintWriter;
import java.util.List;

/**
 * Prints graphs before and after passes.
 *
 * @param before names of passes
 * @param after names of passes; {@code all} stands for those that change the graph
 */
record PrintGraphs(PrintWriter out, List<String> before, List<String> after)
    implements PipelineListener {
  private static final String ALL = "all";

  /** Refuses names that the pipeline has not. */
  void check(Pipeline pipeline) {
    List<String> names = pipeline.passes().stream().map(Pass::name).toList();
    before.forEach(name -> check(name, names));
    after.stream().filter(name -> !name.equals(ALL)).forEach(name -> check(name, names));
  }

  private static void check(String name, List<String> names) {
    if (!names.contains(name)) {
      throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "the pipeline has no pass '%s'".formatted(name))
          .advise("its passes are " + String.join(", ", names));
    }
  }

  @Override
  public void before(Pass pass, Graph graph) {
    if (before.contains(pass.name())) {
      print("before", pass, graph);
    }
  }

  @Override
  public void after(Pass pass, Graph graphBefore, Graph graphAfter) {
    boolean changed = !graphBefore.equals(graphAfter);
    if (after.contains(pass.name()) || (changed && after.contains(ALL))) {
      print("after", pass, graphAfter);
    }
  }

  private void print(String when, Pass pass, Graph graph) {
    out.println("# %s %s".formatted(when, pass.name()));
    out.println(GraphPrinter.describe(graph));
  }
}
