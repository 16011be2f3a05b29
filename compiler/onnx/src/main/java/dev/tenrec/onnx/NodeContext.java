package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Provenance;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.NodeProto;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A node as its handler sees it: inputs by position, attributes by name and type. */
final class NodeContext {
  private final GraphImport graph;
  private final NodeProto proto;
  private final int index;
  private final Location location;
  private final Attributes attributes;

  NodeContext(GraphImport graph, NodeProto proto, int index) {
    this.graph = graph;
    this.proto = proto;
    this.index = index;
    String domain = OperatorTable.domain(proto.getDomain());
    this.location =
        new Location.OnnxNode(
            graph.model().fileName(),
            graph.path(),
            index,
            proto.getName(),
            domain.isEmpty() ? proto.getOpType() : domain + "." + proto.getOpType(),
            SourceMetadata.of(proto));
    this.attributes = new Attributes(proto.getAttributeList(), graph.model().tensors());
  }

  OperatorTable.Handler handler() {
    String domain = OperatorTable.domain(proto.getDomain());
    long opset = graph.opset(domain);
    return graph
        .model()
        .functions()
        .handler(proto)
        .or(() -> OperatorTable.handler(domain, proto.getOpType(), opset))
        .orElseThrow(() -> unknown(domain, opset));
  }

  private TenrecException unknown(String domain, long opset) {
    if (domain.isEmpty() && opset == 0) {
      return invalid("the model does not say which opset it uses");
    }
    return unsupported(
            "operator %s is not supported in opset %d%s"
                .formatted(
                    proto.getOpType(),
                    opset,
                    domain.isEmpty() ? "" : " of domain '" + domain + "'"))
        .advise(
            domain.isEmpty()
                ? "express it by other operators before export"
                : "only operators of ONNX itself can be imported; export without custom operators");
  }

  int inputCount() {
    return proto.getInputCount();
  }

  boolean hasInput(int i) {
    return i < proto.getInputCount() && !proto.getInput(i).isEmpty();
  }

  /** An input that must be there. */
  Value input(int i) {
    return optionalInput(i).orElseThrow(() -> invalid("input %d is missing".formatted(i)));
  }

  /** An input of a rank that the handler relies on. */
  Value input(int i, int rank) {
    Value value = input(i);
    if (value.rank() != rank) {
      throw invalid("input %d is %s, which does not have rank %d".formatted(i, value.type(), rank));
    }
    return value;
  }

  Optional<Value> optionalInput(int i) {
    return optionalDatum(i).map(datum -> tensor(i, datum));
  }

  private Value tensor(int i, Datum datum) {
    return datum
        .tensor()
        .orElseThrow(() -> invalid("input %d is %s, not a tensor".formatted(i, datum.describe())));
  }

  /** An input that must be there, which may be a sequence or an optional value. */
  Datum datum(int i) {
    return optionalDatum(i).orElseThrow(() -> invalid("input %d is missing".formatted(i)));
  }

  Optional<Datum> optionalDatum(int i) {
    if (!hasInput(i)) {
      return Optional.empty();
    }
    String name = proto.getInput(i);
    Optional<Datum> datum = graph.find(name);
    if (datum.isEmpty()) {
      throw invalid("input %d, '%s', is not computed anywhere".formatted(i, name));
    }
    return datum;
  }

  /** All inputs of an operator with any number of them. */
  ImmutableList<Value> inputs() {
    return Stream.iterate(0, i -> i < inputCount(), i -> i + 1)
        .map(this::input)
        .collect(ImmutableList.toImmutableList());
  }

  /** The elements of an input that must be known now. */
  Tensor constantInput(int i) {
    return knownInput(i)
        .orElseThrow(() ->
            unsupported("input %d, %s, is computed at run time".formatted(i, proto.getInput(i)))
                .advise("it must be a constant; export the model with fixed parameters")
                .needing(Provenance.inputsBehind(input(i))));
  }

  /** The elements of an optional input that must be known now. */
  Optional<Tensor> optionalConstantInput(int i) {
    return hasInput(i) ? Optional.of(constantInput(i)) : Optional.empty();
  }

  /** The elements of an input, if they are known now. */
  Optional<Tensor> knownInput(int i) {
    return known(input(i));
  }

  /** The elements of a value, if they are known now. */
  Optional<Tensor> known(Value value) {
    return graph.model().known().elements(value);
  }

  /** An input of one element, as a scalar. */
  Value scalarInput(int i) {
    Value given = input(i);
    return given.rank() == 0 ? given : Terms.reshape(given);
  }

  Attributes attributes() {
    return attributes;
  }

  long intAttribute(String name, long absent) {
    return attributes.integer(name).orElse(absent);
  }

  boolean flag(String name, boolean absent) {
    return intAttribute(name, absent ? 1 : 0) != 0;
  }

  double floatAttribute(String name, double absent) {
    return attributes.number(name).orElse(absent);
  }

  String textAttribute(String name, String absent) {
    return attributes.text(name).orElse(absent);
  }

  <T> T required(Optional<T> attribute, String name) {
    return attribute.orElseThrow(() -> invalid("attribute '%s' is missing".formatted(name)));
  }

  /** An attribute that names an axis; counted from the front. */
  int axisAttribute(String name, long absent, int rank) {
    return axis(intAttribute(name, absent), rank);
  }

  /** An axis counted from the front. */
  int axis(long axis, int rank) {
    if (axis < -rank || axis >= rank) {
      throw invalid("axis %d does not exist in rank %d".formatted(axis, rank));
    }
    return (int) (axis < 0 ? axis + rank : axis);
  }

  /** Axes counted from the front, in the given order. */
  ImmutableList<Integer> axes(List<Long> axes, int rank) {
    return axes.stream().map(a -> axis(a, rank)).collect(ImmutableList.toImmutableList());
  }

  /** A size of a value, for {@link #sizes}. */
  Size sizeOf(Value x, int axis) {
    if (axis >= x.rank()) {
      throw invalid("%s has no dimension %d".formatted(x.type(), axis));
    }
    return Size.of(x, axis);
  }

  /** A vector of sizes in the simplest form that the graph's inputs allow. */
  Value sizes(List<Size> sizes) {
    return Size.vector(sizes, graph::isBound);
  }

  Value sizes(Size... sizes) {
    return sizes(List.of(sizes));
  }

  boolean isBound(Dim dim) {
    return graph.isBound(dim);
  }

  boolean hasOutput(int i) {
    return i < proto.getOutputCount() && !proto.getOutput(i).isEmpty();
  }

  int outputCount() {
    return proto.getOutputCount();
  }

  List<String> inputNames() {
    return proto.getInputList();
  }

  List<String> outputNames() {
    return proto.getOutputList();
  }

  int index() {
    return index;
  }

  GraphImport graph() {
    return graph;
  }

  Location location() {
    return location;
  }

  /** Complains about attributes that no handler asked for: they might change the meaning. */
  void checkAttributes() {
    attributes
        .unread()
        .ifPresent(name -> {
          throw unsupported("attribute '%s' is not known".formatted(name))
              .advise("the model may use a newer version of the operator than it says");
        });
  }

  /** Complains about inputs that an operator does not have: they might change the meaning. */
  void checkInputs(int most) {
    for (int i = most; i < inputCount(); i++) {
      if (hasInput(i)) {
        throw invalid(
                "input %d, '%s', is one too many: %s has at most %d"
                    .formatted(i, proto.getInput(i), proto.getOpType(), most))
            .advise("leave it away, or name the operator that reads it");
      }
    }
  }

  TenrecException invalid(String problem) {
    return new TenrecException(ErrorCode.INVALID_MODEL, problem).at(location);
  }

  TenrecException unsupported(String problem) {
    return new TenrecException(ErrorCode.UNSUPPORTED, problem).at(location);
  }
}
