package dev.tenrec.onnx;

import dev.tenrec.ir.Attention;
import dev.tenrec.ir.AttentionExpansion;
import dev.tenrec.ir.Contraction;
import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.CustomOp;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.NodeProto;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The export of one graph: names and order; what operations become is in the files of the families.
 * Constants become initializers of the model's graph, which nested graphs see, when they are read.
 */
final class GraphExport {
  private final Graph graph;
  private final Names.OfModel names;
  private final Initializers initializers;
  private final GraphProto.Builder proto = GraphProto.newBuilder();
  private final Map<Value, String> known = new HashMap<>();
  private final Map<Value, String> outputNames = new HashMap<>();
  private final SizesExport sizes;

  GraphExport(Graph graph, Names.OfModel names, Initializers initializers) {
    this.graph = graph;
    this.names = names;
    this.initializers = initializers;
    this.sizes = new SizesExport(graph);
    proto.setName(graph.name().isEmpty() ? "graph" : graph.name());
  }

  /** Exports the graph of a model, whose inputs and outputs keep their names. */
  GraphProto main() {
    graph.inputs().forEach(input -> names.ofValues().reserve(input.name()));
    graph.outputs().forEach(this::reserve);
    for (Value input : graph.inputs()) {
      known.put(input, input.name());
      proto.addInput(ValueTypes.toProto(input.name(), input.type()));
    }
    graph.outputs().forEach(output -> outputNames.putIfAbsent(output.value(), output.name()));
    return finish();
  }

  private void reserve(Graph.Output output) {
    names.ofValues().reserve(output.name());
    for (Value input : graph.inputs()) {
      if (input.name().equals(output.name()) && !input.equals(output.value())) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "an input and an output are both named '%s'".formatted(output.name()))
            .advise("in ONNX a name stands for one value; rename the output");
      }
    }
  }

  /**
   * Exports a graph that a node holds.
   *
   * @param captured the names of outer values that inputs stand for; these inputs are left away
   */
  GraphProto body(Map<Value, String> captured) {
    known.putAll(captured);
    for (Value input : graph.inputs()) {
      if (!captured.containsKey(input)) {
        proto.addInput(ValueTypes.toProto(define(input), input.type()));
      }
    }
    return finish();
  }

  private GraphProto finish() {
    Set<Node> live = live();
    graph.nodes().stream().filter(live::contains).forEach(this::export);
    Set<String> used = new HashSet<>();
    for (Graph.Output output : graph.outputs()) {
      boolean direct = isDirect(output) && used.add(name(output.value()));
      String copyName =
          outputNames.isEmpty() ? names.ofValues().unique(output.name()) : output.name();
      String outputName = direct ? name(output.value()) : copy(output.value(), copyName);
      proto.addOutput(ValueTypes.toProto(outputName, output.value().type()));
    }
    return proto.build();
  }

  /** The nodes that outputs depend on, through what their counterparts in ONNX read. */
  private Set<Node> live() {
    Set<Node> live = new HashSet<>();
    graph.outputs().forEach(output -> output.value().producer().ifPresent(live::add));
    for (Node node : graph.nodes().reversed()) {
      if (live.contains(node)) {
        List<Value> read =
            node.op() instanceof Resampling op ? ResamplingExport.read(op) : node.op().operands();
        read.forEach(value -> value.producer().ifPresent(live::add));
      }
    }
    return live;
  }

  /** Whether a value already has the name that it needs as an output. */
  private boolean isDirect(Graph.Output output) {
    String name = outputNames.get(output.value());
    boolean isInput = output.value().producer().isEmpty();
    boolean computed = output.value().constant().isEmpty();
    return isInput
        ? output.value().name().equals(name)
        : computed && (name == null || name.equals(output.name()));
  }

  /** An output must be computed by a node of its own. */
  private String copy(Value value, String name) {
    write(
        NodeProto.newBuilder().setOpType("Identity").addInput(name(value)).addOutput(name).build());
    return name;
  }

  /** Whether a node is written where its result is first read. */
  private static boolean isLazy(Node node) {
    return node.op() instanceof Source.Constant || node.op() instanceof Source.Sizes;
  }

  private void export(Node node) {
    if (isLazy(node) || known.containsKey(node.results().getFirst())) {
      return;
    }
    NodeExport export = new NodeExport(this, node);
    try {
      switch (node.op()) {
        case Attention op -> writeExpansion(List.of(AttentionExpansion.of(op)), node);
        case Contraction op -> ContractionExport.write(op, export);
        case ControlFlow op -> ControlFlowExport.write(op, export);
        case Convolution.Conv op when op.activation().isPresent() ->
            writeExpansion(List.of(op.expand()), node);
        case Convolution op -> ConvolutionExport.write(op, export);
        case CustomOp op -> writeExpansion(op.expand(), node);
        case Elementwise op -> ElementwiseExport.write(op, export);
        case Indexing op -> IndexingExport.write(op, export);
        case Normalization op -> NormalizationExport.write(op, export);
        case Pooling op -> PoolingExport.write(op, export);
        case Quantization op -> QuantizationExport.write(op, export);
        case Reduction op -> ReductionExport.write(op, export);
        case Resampling op -> ResamplingExport.write(op, export);
        case Shuffle op -> ShuffleExport.write(op, export);
        case Source op -> SourceExport.write(op, export);
      }
    } catch (TenrecException e) {
      throw e.at(node.location());
    }
  }

  /** Writes what an operation stands for, and gives its results the same names. */
  private void writeExpansion(List<Value> values, Node node) {
    for (int i = 0; i < values.size(); i++) {
      Value expanded = values.get(i);
      exportProducers(expanded);
      String name = outputNames.get(node.results().get(i));
      known.put(node.results().get(i), name == null ? name(expanded) : copy(expanded, name));
    }
  }

  private void exportProducers(Value value) {
    if (known.containsKey(value)) {
      return;
    }
    Node producer =
        value
            .producer()
            .orElseThrow(() ->
                new TenrecException(
                    ErrorCode.INTERNAL, "the expansion reads an unknown value " + value));
    producer.op().operands().forEach(this::exportProducers);
    export(producer);
  }

  /** The name of a value; constants and sizes are written now. */
  String name(Value value) {
    String name = known.get(value);
    if (name != null) {
      return name;
    }
    Node producer =
        value
            .producer()
            .filter(GraphExport::isLazy)
            .orElseThrow(() ->
                new TenrecException(
                    ErrorCode.INTERNAL,
                    "value '%s' is read before it is computed".formatted(value)));
    if (producer.op() instanceof Source.Constant(Tensor tensor)) {
      return initializers.name(value, tensor, names.ofValues());
    }
    sizes.write((Source.Sizes) producer.op(), new NodeExport(this, producer));
    return Objects.requireNonNull(known.get(value));
  }

  String constant(Tensor tensor) {
    return initializers.name(tensor, names.ofValues());
  }

  /** Gives a value its name: that of the output where it is one, else the wished one. */
  String define(Value value) {
    String output = outputNames.get(value);
    String name = output == null ? names.ofValues().unique(value.name()) : output;
    known.put(value, name);
    return name;
  }

  /** A name for something between operands and results. */
  String stepName(Node node, String operator) {
    Value result = node.results().getFirst();
    String base = outputNames.getOrDefault(result, result.name());
    return names.ofValues().unique(base.isEmpty() ? operator : base + "/" + operator);
  }

  String uniqueName(String wish) {
    return names.ofValues().unique(wish);
  }

  /** Nodes have names of their own, which ONNX Runtime wants to differ. */
  String nodeName(String wish) {
    return names.ofNodes().unique(wish);
  }

  void write(NodeProto node) {
    proto.addNode(node);
  }

  /** The export of a graph within a node of this one. */
  GraphExport nested(Graph body) {
    return new GraphExport(body, names, initializers);
  }
}
