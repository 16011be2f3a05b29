package dev.tenrec.ir.text;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.Lexer.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/** Reads what {@link GraphPrinter} prints; comments run from {@code #} to the end of a line. */
public final class GraphParser {
  private static final int MAX_NESTING = 32;

  private final Lexer lexer;
  private int nesting;

  private GraphParser(String text) {
    this.lexer = new Lexer(text);
  }

  /**
   * Reads one graph.
   *
   * @throws TenrecException with line and column if the text is not one
   */
  public static Graph parse(String text) {
    GraphParser parser = new GraphParser(text);
    Graph graph = parser.graph();
    parser.lexer.expectEnd();
    return graph;
  }

  private Graph graph() {
    if (++nesting > MAX_NESTING) {
      throw lexer.error("graphs are nested too deeply");
    }
    GraphBuilder builder = new GraphBuilder(lexer.name());
    Map<String, Value> values = new HashMap<>();
    for (Declaration input : list("(", ")", this::declaration)) {
      define(values, input.name(), builder.input(input.name(), input.type()));
    }
    lexer.expect("=");
    lexer.expect(">");
    List<Declaration> outputs = list("(", ")", this::declaration);
    lexer.expect("{");
    while (!lexer.take("}")) {
      node(builder, values);
    }
    for (Declaration output : outputs) {
      Value value = value(values, output.value());
      if (!value.elementType().equals(output.type().elementType())
          || value.rank() != output.type().rank()) {
        throw lexer.error(
            "output %s is %s, not %s".formatted(output.name(), value.type(), output.type()));
      }
      builder.output(output.name(), value);
    }
    nesting--;
    return builder.build();
  }

  private record Declaration(TensorType type, String name, String value) {}

  private Declaration declaration() {
    TensorType type = type();
    String name = lexer.name();
    return new Declaration(type, name, lexer.take("=") ? lexer.name() : name);
  }

  private void node(GraphBuilder builder, Map<String, Value> values) {
    Location location = new Location.Synthetic("line " + lexer.line());
    List<String> names = new ArrayList<>(List.of(lexer.name()));
    while (lexer.take(",")) {
      names.add(lexer.name());
    }
    lexer.expect("=");
    String operator = lexer.name();
    Map<String, Literal> attributes = new LinkedHashMap<>();
    if (lexer.take("<")) {
      do {
        String attribute = lexer.name();
        lexer.expect("=");
        attributes.put(attribute, literal(attribute));
      } while (lexer.take(","));
      lexer.expect(">");
    }
    ImmutableList<Value> operands =
        ImmutableList.copyOf(list("(", ")", () -> value(values, lexer.name())));
    Op op = OpParser.op(new OpReader(lexer, operator, operands, attributes));
    Node node = builder.add(Node.of(op, location, names));
    if (node.results().size() != names.size()) {
      throw lexer.error("%s has %d results".formatted(operator, node.results().size()));
    }
    for (int i = 0; i < names.size(); i++) {
      define(values, names.get(i), node.results().get(i));
    }
  }

  private void define(Map<String, Value> values, String name, Value value) {
    if (values.put(name, value) != null) {
      throw lexer.error("'%s' is defined twice".formatted(name));
    }
  }

  private Value value(Map<String, Value> values, String name) {
    Value value = values.get(name);
    if (value == null) {
      throw lexer.error("'%s' is not defined here".formatted(name));
    }
    return value;
  }

  private Literal literal(String attribute) {
    return switch (attribute) {
      case "body", "then", "else" -> new Literal.Nested(graph());
      case "value" -> new Literal.Elements(tensor());
      case "dims" -> new Literal.Dims(list("[", "]", this::dim));
      default ->
          lexer.peek("[")
              ? new Literal.Words(list("[", "]", lexer::word))
              : new Literal.Words(List.of(lexer.word()));
    };
  }

  private TensorType type() {
    ElementType elementType = lexer.elementType();
    return new TensorType(
        elementType,
        lexer.peek("[")
            ? new Shape(ImmutableList.copyOf(list("[", "]", this::dim)))
            : Shape.SCALAR);
  }

  /** A dimension: everything up to the comma or bracket that is not inside parentheses. */
  private Dim dim() {
    StringBuilder text = new StringBuilder();
    int depth = 0;
    while (depth > 0 || !(lexer.peek(",") || lexer.peek("]"))) {
      depth += lexer.peek("(") ? 1 : lexer.peek(")") ? -1 : 0;
      Lexer.Token token = lexer.next();
      if (token.kind() == Kind.END) {
        throw lexer.error("missing ']'");
      }
      text.append(token.kind() == Kind.QUOTED ? Dim.symbol(token.text()).toString() : token.text());
    }
    try {
      return Dim.parse(text.toString());
    } catch (ArithmeticException e) {
      throw lexer.error("the dimension '" + text + "' overflows");
    }
  }

  private Tensor tensor() {
    TensorType type = type();
    ImmutableLongArray sizes =
        type.shape().sizes().orElseThrow(() -> lexer.error("a constant needs known sizes"));
    List<String> words = list("{", "}", lexer::word);
    if (type.shape().elementCount().value().orElse(-1) != words.size()) {
      throw lexer.error("%d elements for %s".formatted(words.size(), type));
    }
    try {
      return switch (type.elementType().kind()) {
        case FLOATING ->
            Tensor.ofDoubles(type.elementType(), sizes, i -> Double.parseDouble(words.get(i)));
        case UNSIGNED ->
            Tensor.ofLongs(type.elementType(), sizes, i -> Long.parseUnsignedLong(words.get(i)));
        case SIGNED, BOOLEAN ->
            Tensor.ofLongs(type.elementType(), sizes, i -> Long.parseLong(words.get(i)));
      };
    } catch (NumberFormatException e) {
      throw lexer.error("not a number in a constant: " + e.getMessage());
    }
  }

  private <T> List<T> list(String open, String close, Supplier<T> element) {
    List<T> elements = new ArrayList<>();
    lexer.expect(open);
    if (lexer.take(close)) {
      return elements;
    }
    do {
      elements.add(element.get());
    } while (lexer.take(","));
    lexer.expect(close);
    return elements;
  }
}
