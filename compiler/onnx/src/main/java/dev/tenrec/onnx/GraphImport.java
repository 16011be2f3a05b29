package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.errorprone.annotations.FormatMethod;
import dev.tenrec.ir.Graph;
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
import dev.tenrec.onnx.proto.NodeProto;
import dev.tenrec.onnx.proto.TensorProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The import of one graph: names, scopes, order and places; what nodes mean is in the table. */
final class GraphImport {
  private final ModelImport model;
  private final @Nullable GraphImport outer;

  /** Whether nodes are added to the outer graph. */
  private final boolean inlined;

  private boolean isFunction;
  private Map<String, Long> opsets;
  private final GraphProto proto;
  private final String path;
  private final GraphBuilder builder;
  private final Map<String, Value> values = new HashMap<>();
  private final Map<String, TensorProto> initializers = new HashMap<>();
  private final Set<Symbol> boundSymbols;
  private final List<Value> captures = new ArrayList<>();

  /** Outputs of nodes that could not be imported, with the reason; what reads them is lost, too. */
  private final Map<String, TenrecException> lost = new HashMap<>();

  private GraphImport(
      ModelImport model,
      @Nullable GraphImport outer,
      boolean inlined,
      GraphProto proto,
      String path) {
    this.model = model;
    this.outer = outer;
    this.inlined = inlined;
    this.proto = proto;
    this.path = path;
    this.builder = outer != null && inlined ? outer.builder : new GraphBuilder(proto.getName());
    this.boundSymbols = outer != null && inlined ? outer.boundSymbols : new HashSet<>();
    this.opsets = outer == null ? model.opsets() : outer.opsets;
    for (TensorProto tensor : proto.getInitializerList()) {
      if (initializers.put(tensor.getName(), tensor) != null) {
        throw invalid("two initializers are named '%s'", tensor.getName());
      }
    }
    if (proto.getSparseInitializerCount() > 0) {
      throw new TenrecException(ErrorCode.UNSUPPORTED, "sparse initializers are not supported")
          .advise("save the model with dense weights");
    }
  }

  static GraphImport main(ModelImport model, GraphProto proto) {
    return new GraphImport(model, null, false, proto, "graph");
  }

  /** The import of a graph that an attribute of a node holds, as a graph of its own. */
  static GraphImport nested(NodeContext node, GraphProto proto, String attribute) {
    return new GraphImport(node.graph().model, node.graph(), false, proto, pathOf(node, attribute));
  }

  /** The values of a graph that an attribute of a node holds, computed in the node's graph. */
  static List<Value> inline(NodeContext node, GraphProto proto, String attribute) {
    return new GraphImport(node.graph().model, node.graph(), true, proto, pathOf(node, attribute))
        .inline();
  }

  /** The values of a function's body, which sees its parameters and nothing else. */
  static List<Value> inline(
      NodeContext node, GraphProto body, Map<String, Long> opsets, Map<String, Value> parameters) {
    GraphImport graph =
        new GraphImport(node.graph().model, node.graph(), true, body, pathOf(node, body.getName()));
    graph.isFunction = true;
    graph.opsets = opsets;
    graph.values.putAll(parameters);
    return graph.inline();
  }

  private static String pathOf(NodeContext node, String part) {
    return "%s/node[%d].%s".formatted(node.graph().path, node.index(), part);
  }

  /** Imports the model's graph. */
  Graph run() {
    for (ValueInfoProto info : proto.getInputList()) {
      Tensor constant = model.constants().get(info.getName());
      if (constant != null) {
        addConstant(info, constant);
      } else if (!initializers.containsKey(info.getName())) {
        addInput(info.getName(), ValueTypes.of(info));
      }
    }
    model.constants().keySet().stream()
        .filter(name -> !values.containsKey(name))
        .findFirst()
        .ifPresent(name -> {
          throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "no input is named '%s'".formatted(name));
        });
    return finish();
  }

  /**
   * Imports the body of a loop.
   *
   * @param types of its inputs; what the body itself says may be less precise
   */
  Graph run(List<TensorType> types) {
    if (types.size() != proto.getInputCount()) {
      throw invalid("the body has %d inputs, but is given %d", proto.getInputCount(), types.size());
    }
    for (int i = 0; i < types.size(); i++) {
      addInput(proto.getInput(i).getName(), types.get(i));
    }
    return finish();
  }

  private void addConstant(ValueInfoProto info, Tensor constant) {
    TensorType type = ValueTypes.of(info);
    boolean fits =
        type.elementType() == constant.elementType()
            && type.rank() == constant.rank()
            && IntStream.range(0, type.rank())
                .allMatch(i -> type.dim(i).value().orElse(constant.size(i)) == constant.size(i));
    if (!fits) {
      throw new TenrecException(
          ErrorCode.INVALID_ARGUMENT,
          "input '%s' is %s, but the constant for it is %s"
              .formatted(info.getName(), type, constant));
    }
    values.put(info.getName(), constant(info.getName(), constant));
  }

  private Value addInput(String name, TensorType type) {
    if (name.isEmpty()) {
      throw invalid("an input has no name");
    }
    Value input = builder.input(name, type);
    values.put(name, input);
    for (Dim dim : type.shape().dims()) {
      if (dim instanceof Symbol symbol && !symbol.isAnonymous()) {
        boundSymbols.add(symbol);
      }
    }
    return input;
  }

  private void addNodes() {
    List<NodeProto> nodes = proto.getNodeList();
    for (int index : new NodeOrder(nodes, values.keySet(), path).sorted()) {
      add(new NodeContext(this, nodes.get(index), index));
    }
  }

  private List<Value> inline() {
    addNodes();
    List<Value> outputs = new ArrayList<>();
    for (ValueInfoProto info : proto.getOutputList()) {
      outputs.add(output(info.getName()));
    }
    return outputs;
  }

  private Graph finish() {
    addNodes();
    for (ValueInfoProto info : proto.getOutputList()) {
      if (outer != null || !lost.containsKey(info.getName())) {
        Value value = output(info.getName());
        value.producer().ifPresent(builder::add);
        builder.output(info.getName(), value);
      }
    }
    return builder.build();
  }

  private Value output(String name) {
    TenrecException reason = lost.get(name);
    if (reason != null) {
      throw reason;
    }
    return find(name).orElseThrow(() -> invalid("output '%s' is not computed", name));
  }

  private void add(NodeContext node) {
    for (String input : node.inputNames()) {
      TenrecException reason = lost.get(input);
      if (reason != null) {
        node.outputNames().forEach(name -> lost.put(name, reason));
        return;
      }
    }
    try {
      define(node, importNode(node));
    } catch (TenrecException e) {
      report(node, e);
    } catch (ArithmeticException e) {
      report(node, new TenrecException(ErrorCode.INVALID_TYPE, "sizes overflow: " + e, e));
    } catch (RuntimeException e) {
      report(
          node,
          new TenrecException(ErrorCode.INTERNAL, "the importer failed: " + e, e)
              .advise("this is a defect of Tenrec; please report it with the model"));
    }
  }

  private void report(NodeContext node, TenrecException e) {
    TenrecException finding = e.at(node.location());
    model.findings().report(finding);
    substitute(node, finding);
  }

  private List<Value> importNode(NodeContext node) {
    List<OperatorTable.Result> results = node.handler().apply(node);
    node.checkAttributes();
    List<Value> imported = new ArrayList<>();
    for (OperatorTable.Result result : results) {
      List<String> names = node.outputNames();
      int next = imported.size();
      switch (result) {
        case OperatorTable.Result.Existing(Value value) -> imported.add(value);
        case OperatorTable.Result.Computed(var op) -> {
          if (next < names.size()) {
            Node added = Node.of(op, node.location(), names.subList(next, names.size()));
            imported.addAll(builder.add(added, node.location()).results());
          }
        }
      }
    }
    return imported;
  }

  private void define(NodeContext node, List<Value> results) {
    List<String> names = node.outputNames();
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).isEmpty()) {
        if (i >= results.size()) {
          throw node.unsupported("output %d ('%s') is not supported".formatted(i, names.get(i)))
              .advise("leave the output away where the model does not need it");
        }
        values.put(names.get(i), results.get(i));
      }
    }
  }

  /** Stands in for a node that could not be imported, so that the search for others can go on. */
  private void substitute(NodeContext node, TenrecException finding) {
    for (String name : node.outputNames()) {
      Optional<TensorType> type = declared(name).flatMap(ValueTypes::find);
      type.ifPresentOrElse(
          known -> values.put(name, new GraphBuilder("").input(name, known)),
          () -> lost.put(name, finding));
    }
  }

  private Optional<ValueInfoProto> declared(String name) {
    return proto.getValueInfoList().stream().filter(i -> i.getName().equals(name)).findFirst();
  }

  /** The value of a name here or, as a captured input, in an outer graph. */
  Optional<Value> find(String name) {
    Value known = values.get(name);
    if (known != null) {
      return Optional.of(known);
    }
    TensorProto initializer = initializers.get(name);
    if (initializer != null) {
      return Optional.of(constant(name, model.tensors().read(initializer)));
    }
    if (outer == null || isFunction) {
      return Optional.empty();
    }
    return inlined ? outer.find(name) : outer.find(name).map(value -> capture(name, value));
  }

  private Value constant(String name, Tensor tensor) {
    Location location = new Location.Synthetic("initializer '%s'".formatted(name));
    Node node = Node.of(new Source.Constant(tensor), location, List.of(name));
    values.put(name, node.result());
    return node.result();
  }

  /** Constants are shared between graphs; anything else becomes an input of the inner one. */
  private Value capture(String name, Value value) {
    if (value.constant().isPresent()) {
      values.put(name, value);
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

  /** The version of the operators of a domain; 0 if it is not imported. */
  long opset(String domain) {
    return opsets.getOrDefault(domain, 0L);
  }

  String path() {
    return path;
  }

  ModelImport model() {
    return model;
  }

  @FormatMethod
  private TenrecException invalid(String problem, Object... arguments) {
    return new TenrecException(ErrorCode.INVALID_MODEL, path + ": " + problem.formatted(arguments));
  }
}
