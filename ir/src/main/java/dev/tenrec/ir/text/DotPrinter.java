package dev.tenrec.ir.text;

import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Prints graphs in the language of Graphviz, whose {@code dot} draws them. Operations are boxes
 * with their names in them, edges carry types, and graphs inside of operations are frames.
 */
public final class DotPrinter {
  private final StringBuilder text = new StringBuilder();
  private final Map<Value, String> makers = new HashMap<>();
  private int vertices;
  private int frames;

  private DotPrinter() {}

  /** The text of a {@code .dot} file. */
  public static String print(Graph graph) {
    DotPrinter printer = new DotPrinter();
    printer.line("digraph %s {".formatted(quoted(graph.name())));
    printer.line("node [shape=box, style=rounded, fontname=monospace, fontsize=10];");
    printer.line("edge [fontname=monospace, fontsize=8];");
    printer.content(graph);
    printer.line("}");
    return printer.text.toString();
  }

  private void content(Graph graph) {
    for (Value input : graph.inputs()) {
      makers.put(input, vertex("shape=oval", input.name(), input.type().toString()));
    }
    for (Node node : graph.nodes()) {
      String names = node.results().stream().map(Value::name).collect(Collectors.joining(", "));
      String shape = node.op() instanceof Source.Constant ? "shape=plaintext" : "style=rounded";
      String tip = "tooltip=" + quoted(node.location().describe());
      String vertex = vertex(shape + ", " + tip, GraphPrinter.describe(node.op()), names);
      node.op().operands().forEach(operand -> edge(operand, vertex));
      node.results().forEach(result -> makers.put(result, vertex));
      if (node.op() instanceof ControlFlow flow) {
        bodies(flow, vertex);
      }
    }
    for (Graph.Output output : graph.outputs()) {
      edge(output.value(), vertex("shape=oval", output.name()));
    }
  }

  private void bodies(ControlFlow flow, String owner) {
    for (Graph body : flow.bodies()) {
      line("subgraph cluster_%d {".formatted(frames++));
      line("label=%s;".formatted(quoted(body.name())));
      content(body);
      line("}");
      for (Value input : body.inputs()) {
        line("%s -> %s [style=dashed];".formatted(owner, makers.get(input)));
      }
    }
  }

  private String vertex(String attributes, String... label) {
    String name = "n" + vertices++;
    String lines =
        List.of(label).stream()
            .filter(part -> !part.isEmpty())
            .map(DotPrinter::escaped)
            .collect(Collectors.joining("\\n"));
    line("%s [label=\"%s\", %s];".formatted(name, lines, attributes));
    return name;
  }

  private void edge(Value from, String to) {
    line("%s -> %s [label=%s];".formatted(makers.get(from), to, quoted(from.type().toString())));
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  private static String quoted(String text) {
    return '"' + escaped(text) + '"';
  }

  /** In labels, a backslash and an ampersand have a meaning of their own. */
  private static String escaped(String text) {
    return text.replace("\\", "\\\\")
        .replace("\"", "\\\"")
        .replace("&", "&amp;")
        .replace("\r", " ")
        .replace("\n", "\\n")
        .replace("\0", " ");
  }
}
