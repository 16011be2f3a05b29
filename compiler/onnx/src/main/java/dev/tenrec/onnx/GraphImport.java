package dev.tenrec.onnx;

import com.google.errorprone.annotations.FormatMethod;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.NodeProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/** The import of one graph: scopes, order and places; what nodes mean is in the table. */
final class GraphImport {
  private final ModelImport model;
  private final Map<String, Long> opsets;
  private final GraphProto proto;
  private final String path;
  private final Environment environment;

  /** Outputs of nodes that could not be imported, with the reason; what reads them is lost, too. */
  private final Map<String, TenrecException> lost = new HashMap<>();

  private GraphImport(
      ModelImport model,
      Environment environment,
      Map<String, Long> opsets,
      GraphProto proto,
      String path) {
    this.model = model;
    this.environment = environment;
    this.opsets = opsets;
    this.proto = proto;
    this.path = path;
    environment.addInitializers(proto, path);
  }

  static GraphImport main(ModelImport model, GraphProto proto) {
    Environment environment = Environment.main(model.tensors(), proto.getName());
    return new GraphImport(model, environment, model.opsets(), proto, "graph");
  }

  /** The import of a graph that an attribute of a node holds, as a graph of its own. */
  static GraphImport nested(NodeContext node, GraphProto proto, String attribute) {
    GraphImport outer = node.graph();
    Environment environment = outer.environment.nested(proto.getName());
    String path = pathOf(node, attribute);
    return new GraphImport(outer.model, environment, outer.opsets, proto, path);
  }

  /** What a graph that an attribute of a node holds gives, computed in the node's graph. */
  static List<Datum> inline(NodeContext node, GraphProto proto, String attribute) {
    return inline(node, proto, attribute, List.of());
  }

  /**
   * As above, for a graph with inputs.
   *
   * @param inputs what stands for the graph's inputs, in their order
   */
  static List<Datum> inline(
      NodeContext node, GraphProto proto, String attribute, List<Datum> inputs) {
    GraphImport outer = node.graph();
    Environment environment = outer.environment.inlined();
    String path = pathOf(node, attribute);
    GraphImport graph = new GraphImport(outer.model, environment, outer.opsets, proto, path);
    graph.checkInputs(inputs.size());
    for (int i = 0; i < inputs.size(); i++) {
      environment.define(proto.getInput(i).getName(), inputs.get(i));
    }
    return graph.inline();
  }

  /** What a function's body gives, which sees its parameters and nothing else. */
  static List<Datum> inline(
      NodeContext node, GraphProto body, Map<String, Long> opsets, Map<String, Datum> parameters) {
    GraphImport outer = node.graph();
    Environment environment = outer.environment.function();
    parameters.forEach(environment::define);
    String path = pathOf(node, body.getName());
    return new GraphImport(outer.model, environment, opsets, body, path).inline();
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
      } else if (!environment.hasInitializer(info.getName())) {
        environment.addInput(info.getName(), ValueTypes.of(info));
      }
    }
    model.constants().keySet().stream()
        .filter(name -> !environment.names().contains(name))
        .findFirst()
        .ifPresent(name -> {
          throw new TenrecException(
              ErrorCode.INVALID_ARGUMENT, "no input is named '%s'".formatted(name));
        });
    return finish();
  }

  /** Gives an input of a nested graph a type; what the graph itself says may be less precise. */
  Value addInput(int i, TensorType type) {
    return environment.addInput(proto.getInput(i).getName(), type);
  }

  /** Lets an input of a nested graph stand for something that is known inside. */
  void define(int i, Datum datum) {
    environment.define(proto.getInput(i).getName(), datum);
  }

  /** Imports a nested graph whose inputs are of the given types. */
  BodyGraph body(List<TensorType> types) {
    checkInputs(types.size());
    for (int i = 0; i < types.size(); i++) {
      addInput(i, types.get(i));
    }
    return body();
  }

  /** Imports a nested graph, all of whose inputs are there. */
  BodyGraph body() {
    addNodes();
    List<Datum> outputs = outputs();
    GraphBuilder builder = environment.builder();
    Set<String> names = new HashSet<>();
    for (int i = 0; i < outputs.size(); i++) {
      String name = proto.getOutput(i).getName();
      for (Value value : outputs.get(i).tensors().toList()) {
        value.producer().ifPresent(builder::add);
        while (!names.add(name)) {
          name = name + "#";
        }
        builder.output(name, value);
      }
    }
    return new BodyGraph(builder.build(), outputs, environment.captures());
  }

  /** Complains if a nested graph does not have as many inputs as are given. */
  private void checkInputs(int given) {
    if (given != proto.getInputCount()) {
      throw invalid("the body has %d inputs, but is given %d", proto.getInputCount(), given);
    }
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
    environment.addConstant(info.getName(), constant);
  }

  private void addNodes() {
    List<NodeProto> nodes = proto.getNodeList();
    for (int index : new NodeOrder(nodes, environment.names(), path).sorted()) {
      add(new NodeContext(this, nodes.get(index), index));
    }
  }

  private List<Datum> inline() {
    addNodes();
    return outputs();
  }

  private List<Datum> outputs() {
    return proto.getOutputList().stream().map(info -> output(info.getName())).toList();
  }

  private Graph finish() {
    if (proto.getOutputCount() == 0) {
      throw invalid("it has no outputs");
    }
    addNodes();
    GraphBuilder builder = environment.builder();
    for (ValueInfoProto info : proto.getOutputList()) {
      if (!lost.containsKey(info.getName())) {
        Value value = tensor(info.getName());
        checkType(info, value);
        value.producer().ifPresent(builder::add);
        builder.output(info.getName(), value);
      }
    }
    return builder.build();
  }

  /** What is said of an output must be so, as far as it cannot be less precise. */
  private void checkType(ValueInfoProto info, Value value) {
    Optional<TensorType> declared = ValueTypes.find(info);
    if (declared.isPresent() && declared.get().elementType() != value.elementType()) {
      throw invalid(
          "output '%s' is declared as %s, but computed as %s",
          info.getName(), declared.get().elementType().text(), value.elementType().text());
    }
  }

  private Value tensor(String output) {
    Datum datum = output(output);
    return datum
        .tensor()
        .orElseThrow(() ->
            new TenrecException(
                    ErrorCode.UNSUPPORTED,
                    "%s: output '%s' is %s".formatted(path, output, datum.describe()))
                .advise("give its elements back as outputs of their own"));
  }

  private Datum output(String name) {
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

  private List<Datum> importNode(NodeContext node) {
    List<OperatorTable.Result> results = node.handler().apply(node);
    node.checkAttributes();
    List<Datum> imported = new ArrayList<>();
    for (OperatorTable.Result result : results) {
      List<String> names = node.outputNames();
      int next = imported.size();
      switch (result) {
        case OperatorTable.Result.Existing(Datum datum) -> {
          datum.tensors().forEach(value -> place(value, node));
          imported.add(datum);
        }
        case OperatorTable.Result.Computed(var op) -> {
          if (next < names.size()) {
            Node added = Node.of(op, node.location(), names.subList(next, names.size()));
            environment.builder().add(added, node.location()).results().stream()
                .map(Datum::of)
                .forEach(imported::add);
          }
        }
      }
    }
    return imported;
  }

  /** Adds what computes a value, unless it is already there or may never be read. */
  private void place(Value value, NodeContext node) {
    value
        .producer()
        .filter(producer -> !(producer.op() instanceof Source.Constant))
        .ifPresent(producer -> environment.builder().add(producer, node.location()));
  }

  private void define(NodeContext node, List<Datum> results) {
    List<String> names = node.outputNames();
    for (int i = 0; i < names.size(); i++) {
      if (!names.get(i).isEmpty()) {
        if (i >= results.size()) {
          throw node.unsupported("output %d ('%s') is not supported".formatted(i, names.get(i)))
              .advise("leave the output away where the model does not need it");
        }
        environment.define(names.get(i), results.get(i));
      }
    }
  }

  /** Stands in for a node that could not be imported, so that the search for others can go on. */
  private void substitute(NodeContext node, TenrecException finding) {
    for (String name : node.outputNames()) {
      Optional<TensorType> type = declared(name).flatMap(ValueTypes::find);
      type.ifPresentOrElse(
          known -> environment.define(name, Datum.of(new GraphBuilder("").input(name, known))),
          () -> lost.put(name, finding));
    }
  }

  private Optional<ValueInfoProto> declared(String name) {
    return proto.getValueInfoList().stream().filter(i -> i.getName().equals(name)).findFirst();
  }

  /** What a name stands for here or, as a captured input, in an outer graph. */
  Optional<Datum> find(String name) {
    return environment.find(name);
  }

  /** Whether sizes of this graph's inputs tell the number. */
  boolean isBound(Dim dim) {
    return environment.isBound(dim);
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
