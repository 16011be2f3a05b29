package dev.tenrec.passes;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphPrinter;
import java.util.function.BiConsumer;
import java.util.function.Predicate;

/**
 * Hands on the text of the graph behind each pass that changed it.
 *
 * @param wanted the passes of interest
 * @param sink takes the name of a pass and the graph as text
 */
public record DumpGraphs(Predicate<Pass> wanted, BiConsumer<String, String> sink)
    implements PipelineListener {
  @Override
  public void after(Pass pass, Graph before, Graph after) {
    if (!before.equals(after) && wanted.test(pass)) {
      sink.accept(pass.name(), GraphPrinter.describe(after));
    }
  }
}
