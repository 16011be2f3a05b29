package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.TensorProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the names of one graph stand for: its own ones, and those of the graphs around it.
 *
 * <p>An inlined graph adds nodes to the graph around it. Any other nested graph has a builder of
 * its own, and what it reads from outside becomes an input of it, except for constants, which
 * graphs share.
 */
final class Environment {
  private final TensorReader reader;
  private final @Nullable Environment outer;
  private final boolean inlined;
  private final GraphBuilder builder;
  private final Set<Symbol> boundSymbols;
  private final Map<String, Datum> data = new HashMap<>();
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final List<Value> captures = new ArrayList<>();

  private Environment(
      TensorReader reader,
      @Nullable Environment outer,
      boolean inlined,
      GraphBuilder builder,
      Set<Symbol> boundSymbols) {
    this.reader = reader;
    this.outer = outer;
    this.inlined = inlined;
    this.builder = builder;
    this.boundSymbols = boundSymbols;
  }

  /** That of a graph without any around it. */
  static Environment main(TensorReader reader, String name) {
    return new Environment(reader, null, false, new GraphBuilder(name), new HashSet<>());
  }

  /** That of a graph of its own, which a node holds. */
  Environment nested(String name) {
    return new Environment(reader, this, false, new GraphBuilder(name), new HashSet<>());
  }

  /** That of a graph which is computed as part of this one. */
  Environment inlined() {
    return new Environment(reader, this, true, builder, boundSymbols);
  }

  /** That of a function's body, which is computed as part of this graph and sees none of it. */
  Environment function() {
    return new Environment(reader, null, true, builder, boundSymbols);
  }

  GraphBuilder builder() {
    return builder;
  }

  void addInitializers(GraphProto proto, String path) {
    for (TensorProto tensor : proto.getInitializerList()) {
      if (initializers.put(tensor.getName(), tensor) != null) {
        throw new TenrecException(
            ErrorCode.INVALID_MODEL,
            "%s: two initializers are named '%s'".formatted(path, tensor.getName()));
      }
    }
    if (proto.getSparseInitializerCount() > 0) {
      throw new TenrecException(ErrorCode.UNSUPPORTED, "sparse initializers are not supported")
          .advise("save the model with dense weights");
    }
  }

  boolean hasInitializer(String name) {
    return initializers.containsKey(name);
  }

  Value addInput(String name, TensorType type) {
    if (name.isEmpty()) {
      throw new TenrecException(ErrorCode.INVALID_MODEL, "an input has no name");
    }
    Value input = builder.input(name, type);
    for (Dim dim : type.shape().dims()) {
      if (dim instanceof Symbol symbol && !symbol.isAnonymous()) {
        boundSymbols.add(symbol);
      }
    }
    define(name, Datum.of(input));
    return input;
  }

  void define(String name, Datum datum) {
    data.put(name, datum);
  }

  Value addConstant(String name, Tensor tensor) {
    Location location = new Location.Synthetic("initializer '%s'".formatted(name));
    Node node = Node.of(new Source.Constant(tensor), location, List.of(name));
    define(name, Datum.of(node.result()));
    return node.result();
  }

  /** The names that stand for something here, whatever the graphs around hold. */
  Set<String> names() {
    return data.keySet();
  }

  /** What a name stands for here or, as a captured input, in a graph around. */
  Optional<Datum> find(String name) {
    Datum known = data.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    TensorProto initializer = initializers.get(name);
    if (initializer != null) {
      return Optional.of(Datum.of(addConstant(name, reader.read(initializer))));
    }
    if (outer == null) {
      return Optional.empty();
    }
    return inlined ? outer.find(name) : outer.find(name).map(datum -> captured(name, datum));
  }

  private Datum captured(String name, Datum datum) {
    Datum inner =
        datum.tensor().isPresent()
            ? datum.map(value -> capture(name, value))
            : datum.map(value -> capture("%s[%d]".formatted(name, captures.size()), value));
    define(name, inner);
    return inner;
  }

  private Value capture(String name, Value value) {
    if (value.constant().isPresent()) {
      return value;
    }
    captures.add(value);
    return addInput(name, value.type());
  }

  /** Values of the outer graph, one for each input that was added behind the body's own. */
  ImmutableList<Value> captures() {
    return ImmutableList.copyOf(captures);
  }

  /** Whether sizes of this graph's inputs tell the number. */
  boolean isBound(Dim dim) {
    return boundSymbols.containsAll(dim.symbols());
  }
}
