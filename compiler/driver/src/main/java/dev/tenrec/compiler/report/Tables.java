package dev.tenrec.compiler.report;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.tensorrt.RecordedLayer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the listings of a page share: strings, values, places and lines. */
final class Tables {
  private final Numbering<String> strings = new Numbering<>();
  private final Numbering<Line> lines = new Numbering<>();
  private final Places places = new Places();
  private final ValueNumbers values = new ValueNumbers();
  private final Map<Node, String> texts = new HashMap<>();

  int string(String text) {
    return strings.of(text);
  }

  /** The numbers of a graph's lines. Graphs are given in the order in which they were made. */
  ImmutableList<Integer> listing(Graph graph) {
    ImmutableList<Row> rows = Row.of(graph);
    values.enter(rows);
    return rows.stream().map(row -> lines.of(line(row))).collect(ImmutableList.toImmutableList());
  }

  private Line line(Row row) {
    String text =
        row.node()
            .map(node -> texts.computeIfAbsent(node, n -> GraphPrinter.describe(n.op())))
            .orElse(row.results().isEmpty() ? "Output" : "Input");
    List<Value> typed = row.results().isEmpty() ? row.operands() : row.results();
    return new Line(
        values.of(row),
        row.results().isEmpty() ? string(row.label()) : -1,
        string(operation(text)),
        string(text.substring(operation(text).length())),
        values.of(row.operands()),
        values.of(row.results()),
        string(typed.stream().map(v -> v.type().toString()).collect(Collectors.joining(", "))),
        places.of(row.location()),
        row.depth());
  }

  private static String operation(String text) {
    int attributes = text.indexOf('<');
    return attributes < 0 ? text : text.substring(0, attributes);
  }

  /** The numbers of a network's lines. */
  ImmutableList<Integer> listing(List<RecordedLayer> layers) {
    Map<Integer, Integer> tensors = new HashMap<>();
    ImmutableList.Builder<Integer> listing = ImmutableList.builder();
    for (RecordedLayer layer : layers) {
      ImmutableList<Integer> results = tensors(layer.results(), tensors);
      String text = parameters(layer);
      int type = Math.max(text.lastIndexOf(" : "), 0);
      listing.add(
          lines.of(
              new Line(
                  results.isEmpty() ? values.fresh(layer.name()) : results.getFirst(),
                  string(layer.name()),
                  string(layer.kind()),
                  string(type == 0 ? text : text.substring(0, type)),
                  tensors(layer.operands(), tensors),
                  results,
                  string(type == 0 ? "" : text.substring(type + 3)),
                  places.of(layer.location()),
                  0)));
    }
    return listing.build();
  }

  /** The line without the results in front of it and the kind, which the page shows by itself. */
  private static String parameters(RecordedLayer layer) {
    String line = layer.line();
    String text = layer.results().isEmpty() ? line : line.substring(line.indexOf(" = ") + 3);
    return text.startsWith(layer.kind() + "[") ? text.substring(layer.kind().length()) : " " + text;
  }

  private ImmutableList<Integer> tensors(List<Integer> some, Map<Integer, Integer> known) {
    return some.stream()
        .map(tensor -> known.computeIfAbsent(tensor, t -> values.fresh("%" + t)))
        .collect(ImmutableList.toImmutableList());
  }

  /** The number of the operation of the last graph that a layer expresses, or -1. */
  int source(RecordedLayer layer) {
    if (layer.kind().equals("Constant") && layer.location() instanceof Location.Synthetic named) {
      // Constants become layers where they are first read, and are named after their values.
      return values.find(named.origin()).or(() -> expressed(layer)).orElse(-1);
    }
    return expressed(layer).orElse(-1);
  }

  private Optional<Integer> expressed(RecordedLayer layer) {
    return layer.node().flatMap(node -> values.find(node.results().getFirst()));
  }

  ValueNumbers values() {
    return values;
  }

  Places places() {
    return places;
  }

  List<String> strings() {
    return strings.all();
  }

  List<Line> lines() {
    return lines.all();
  }
}
