package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import com.google.protobuf.ByteString;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.AttributeProto;
import dev.tenrec.onnx.proto.AttributeProto.AttributeType;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.NodeProto;
import dev.tenrec.onnx.proto.StringStringEntryProto;
import java.util.List;

/** The export of one node of the IR: writes the ONNX nodes that compute the same results. */
final class NodeExport {
  private final GraphExport graph;
  private final Node node;

  NodeExport(GraphExport graph, Node node) {
    this.graph = graph;
    this.node = node;
  }

  /** Starts an ONNX node. */
  Builder op(String operator) {
    return new Builder(operator);
  }

  /** An ONNX operator with the operands of the IR's operation as they are. */
  void same(String operator) {
    Builder builder = op(operator);
    node.op().operands().forEach(builder::in);
    builder.result();
  }

  /** The name of an operand. */
  String name(Value operand) {
    return graph.name(operand);
  }

  /** An operand as int64; some operators of ONNX take nothing else. */
  String longs(Value operand) {
    return operand.elementType() == ElementType.INT64
        ? name(operand)
        : cast(name(operand), ElementType.INT64);
  }

  String cast(String x, ElementType to) {
    return op("Cast").in(x).attribute("to", ElementTypes.number(to)).value();
  }

  /** A vector. */
  String constant(long... elements) {
    return graph.constant(Tensor.ofLongs(elements));
  }

  String constant(List<Integer> elements) {
    return constant(elements.stream().mapToLong(Integer::longValue).toArray());
  }

  String scalar(ElementType type, double element) {
    return graph.constant(Tensor.scalar(type, element));
  }

  /** A constant of any kind. */
  String constant(Tensor tensor) {
    return graph.constant(tensor);
  }

  GraphExport graph() {
    return graph;
  }

  Node node() {
    return node;
  }

  TenrecException unsupported(String problem) {
    return new TenrecException(ErrorCode.UNSUPPORTED, problem).at(node.location());
  }

  /** An ONNX node in the making. */
  final class Builder {
    private final NodeProto.Builder proto;

    private Builder(String operator) {
      this.proto = NodeProto.newBuilder().setOpType(operator);
    }

    Builder in(Value operand) {
      return in(name(operand));
    }

    /** An input by its name; an empty one is left out. */
    Builder in(String name) {
      proto.addInput(name);
      return this;
    }

    Builder attribute(String name, long value) {
      return add(AttributeProto.newBuilder().setName(name).setType(AttributeType.INT).setI(value));
    }

    Builder attribute(String name, boolean value) {
      return attribute(name, value ? 1 : 0);
    }

    Builder attribute(String name, float value) {
      return add(
          AttributeProto.newBuilder().setName(name).setType(AttributeType.FLOAT).setF(value));
    }

    Builder attribute(String name, String value) {
      ByteString bytes = ByteString.copyFromUtf8(value);
      return add(
          AttributeProto.newBuilder().setName(name).setType(AttributeType.STRING).setS(bytes));
    }

    Builder attribute(String name, ImmutableLongArray values) {
      return add(
          AttributeProto.newBuilder()
              .setName(name)
              .setType(AttributeType.INTS)
              .addAllInts(values.asList()));
    }

    Builder attribute(String name, GraphProto value) {
      return add(
          AttributeProto.newBuilder().setName(name).setType(AttributeType.GRAPH).setG(value));
    }

    private Builder add(AttributeProto.Builder attribute) {
      proto.addAttribute(attribute);
      return this;
    }

    /** Writes the node, whose only output is one step towards the result; gives that a name. */
    String value() {
      String output = graph.stepName(node, proto.getOpType());
      proto.addOutput(output).setName(label(proto.getOpType()));
      write();
      return output;
    }

    /** Writes the node, whose outputs are the results of the IR's node. */
    void result() {
      node.results().forEach(result -> proto.addOutput(graph.define(result)));
      proto.setName(label(""));
      write();
    }

    private void write() {
      if (node.location() instanceof Location.OnnxNode place && !place.source().isEmpty()) {
        proto.addMetadataProps(
            StringStringEntryProto.newBuilder()
                .setKey(SourceMetadata.OWN_KEY)
                .setValue(place.source()));
      }
      graph.write(proto.build());
    }

    private String label(String step) {
      if (node.location().equals(Location.UNKNOWN)) {
        return "";
      }
      String label = node.location().label();
      return graph.nodeName(step.isEmpty() ? label : label + "/" + step);
    }
  }
}
