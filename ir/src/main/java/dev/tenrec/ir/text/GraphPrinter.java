package dev.tenrec.ir.text;

import com.google.common.base.Joiner;
import com.google.common.collect.Iterables;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.function.LongFunction;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/**
 * Prints graphs:
 *
 * <pre>{@code
 * digits (float[N,1,8,8] image) => (float[N,10] logits) {
 *   shape = Constant<value=int64[2] {-1, 64}>()
 *   flat = Reshape(image, shape)
 *   ...
 * }
 * }</pre>
 *
 * <p>What is printed in full can be parsed again. Two results of one operation are separated by a
 * comma; an output whose value has another name is written {@code float[N] output = value}.
 *
 * @param maxElements constants with more elements are cut off with {@code ...}, and the text cannot
 *     be parsed
 * @param comments whether the type and location of each result follow in a comment
 * @param bodies whether graphs inside of operations are printed, or only how many nodes they have
 */
public record GraphPrinter(long maxElements, boolean comments, boolean bodies) {
  private static final GraphPrinter EXACT = new GraphPrinter(Long.MAX_VALUE, false, true);
  private static final GraphPrinter READABLE = new GraphPrinter(16, true, true);
  private static final GraphPrinter SHORT = new GraphPrinter(6, false, false);
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z_][A-Za-z0-9_.]*");

  /** The text that {@link GraphParser} reads back. */
  public static String print(Graph graph) {
    return EXACT.text(graph);
  }

  /** A text for people: large constants cut off, types and locations in comments. */
  public static String describe(Graph graph) {
    return READABLE.text(graph);
  }

  /** One operation without its operands, short: {@code Conv<strides=[2,2]>}. */
  public static String describe(Op op) {
    return new OpPrinter(SHORT).text(op).toString();
  }

  private String text(Graph graph) {
    return whole(graph) + "\n";
  }

  private static Function<Value, String> names(Graph graph) {
    ValueNames names = ValueNames.of(graph);
    return value -> {
      String name = names.of(value);
      return name.equals(ValueNames.UNDEFINED) ? name : quoted(name);
    };
  }

  String nested(Graph graph) {
    return bodies ? whole(graph) : "{%d nodes}".formatted(graph.nodes().size());
  }

  private String whole(Graph graph) {
    Function<Value, String> names = names(graph);
    StringBuilder text = new StringBuilder();
    text.append(quoted(graph.name().isEmpty() ? "graph" : graph.name()))
        .append(
            graph.inputs().stream()
                .map(input -> input.type() + " " + names.apply(input))
                .collect(Collectors.joining(", ", " (", ")")))
        .append(
            graph.outputs().stream()
                .map(output -> output(output, names))
                .collect(Collectors.joining(", ", " => (", ") {\n")));
    for (Node node : graph.nodes()) {
      String line = line(node, names);
      text.append("  ").append(line.replace("\n", "\n  ")).append('\n');
    }
    return text.append('}').toString();
  }

  private static String output(Graph.Output output, Function<Value, String> names) {
    String value = names.apply(output.value());
    String name = quoted(output.name());
    return output.value().type() + " " + name + (name.equals(value) ? "" : " = " + value);
  }

  private String line(Node node, Function<Value, String> names) {
    List<Value> results = node.results();
    String line =
        Joiner.on(", ").join(Iterables.transform(results, names::apply))
            + " = "
            + new OpPrinter(this).text(node.op())
            + node.op().operands().stream().map(names).collect(Collectors.joining(", ", "(", ")"));
    if (!comments) {
      return line;
    }
    String types = results.stream().map(r -> r.type().toString()).collect(Collectors.joining(", "));
    String place = node.location().describe().replace('\n', ' ');
    return "%-60s # %s  %s".formatted(line, types, place);
  }

  /** Element type, sizes and elements: {@code float[2] {1.0, 2.5}}. */
  String tensor(Tensor tensor) {
    LongFunction<String> element =
        tensor.elementType().isFloating() ? i -> number(tensor, i) : i -> integer(tensor, i);
    String elements =
        LongStream.range(0, Math.min(tensor.count(), maxElements))
            .mapToObj(element)
            .collect(Collectors.joining(", "));
    String sizes = tensor.rank() == 0 ? "" : tensor.sizes().toString().replace(" ", "");
    String rest = tensor.count() > maxElements ? ", ..." : "";
    return tensor.elementType().text() + sizes + " {" + elements + rest + "}";
  }

  private static String number(Tensor tensor, long i) {
    double number = tensor.getDouble(i);
    boolean shortForm = tensor.elementType() != ElementType.FLOAT64;
    return shortForm ? Float.toString((float) number) : Double.toString(number);
  }

  private static String integer(Tensor tensor, long i) {
    long bits = tensor.getLong(i);
    return tensor.elementType() == ElementType.UINT64
        ? Long.toUnsignedString(bits)
        : Long.toString(bits);
  }

  static String quoted(String name) {
    return PLAIN.matcher(name).matches()
        ? name
        : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
  }
}
