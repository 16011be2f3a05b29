package dev.tenrec.ir.verify;

import com.google.common.collect.Sets;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.dim.Symbol;
import java.util.Set;

/** Size expressions use only symbols that the graph's inputs give a value to. */
record SizesAreBound() implements GraphCheck {
  @Override
  public String property() {
    return "size expressions use symbols of the graph's inputs";
  }

  @Override
  public void check(Graph graph, Report report) {
    Set<Symbol> bound = graph.boundSymbols();
    for (Node node : graph.nodes()) {
      if (node.op() instanceof Source.Sizes sizes) {
        sizes.dims().stream()
            .flatMap(dim -> Sets.difference(dim.symbols(), bound).stream())
            .forEach(symbol ->
                report.violation(
                    node.location(), "symbol '%s' has no value".formatted(symbol.name())));
      }
    }
  }
}
