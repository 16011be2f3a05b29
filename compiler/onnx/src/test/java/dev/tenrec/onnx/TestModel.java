package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import com.google.protobuf.ByteString;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.AttributeProto;
import dev.tenrec.onnx.proto.AttributeProto.AttributeType;
import dev.tenrec.onnx.proto.GraphProto;
import dev.tenrec.onnx.proto.ModelProto;
import dev.tenrec.onnx.proto.NodeProto;
import dev.tenrec.onnx.proto.OperatorSetIdProto;
import dev.tenrec.onnx.proto.TensorProto;
import dev.tenrec.onnx.proto.ValueInfoProto;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An ONNX model put together by hand. */
public final class TestModel {
  private final GraphProto.Builder graph = GraphProto.newBuilder().setName("test");
  private final List<Node> nodes = new ArrayList<>();
  private final long opset;

  private TestModel(long opset) {
    this.opset = opset;
  }

  public static TestModel opset(long opset) {
    return new TestModel(opset);
  }

  public TestModel input(String name, TensorType type) {
    graph.addInput(ValueTypes.toProto(name, type));
    return this;
  }

  public TestModel input(ValueInfoProto info) {
    graph.addInput(info);
    return this;
  }

  public TestModel initializer(String name, Tensor tensor) {
    graph.addInitializer(tensor(tensor).setName(name));
    return this;
  }

  public TestModel initializer(TensorProto tensor) {
    graph.addInitializer(tensor);
    return this;
  }

  /** Adds a node, which may still change; see {@link #node(String)}. */
  public TestModel node(Node node) {
    nodes.add(node);
    return this;
  }

  public TestModel type(String name, TensorType type) {
    graph.addValueInfo(ValueTypes.toProto(name, type));
    return this;
  }

  public TestModel output(String... names) {
    for (String name : names) {
      graph.addOutput(ValueInfoProto.newBuilder().setName(name));
    }
    return this;
  }

  public TestModel output(String name, TensorType type) {
    graph.addOutput(ValueTypes.toProto(name, type));
    return this;
  }

  public GraphProto graph() {
    GraphProto.Builder complete = graph.clone();
    nodes.forEach(node -> complete.addNode(node.proto));
    return complete.build();
  }

  public ModelProto build() {
    ModelProto.Builder model =
        ModelProto.newBuilder()
            .setIrVersion(8)
            .addOpsetImport(OperatorSetIdProto.newBuilder().setVersion(opset))
            .setGraph(graph());
    nodes.stream()
        .map(node -> node.proto.getDomain())
        .filter(domain -> !domain.isEmpty())
        .distinct()
        .forEach(domain ->
            model.addOpsetImport(OperatorSetIdProto.newBuilder().setDomain(domain).setVersion(1)));
    return model.build();
  }

  public byte[] bytes() {
    return build().toByteArray();
  }

  /** Writes the model into a folder. */
  public Path write(Path folder) {
    try {
      return Files.write(folder.resolve("model.onnx"), bytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A tensor with its elements as raw data. */
  public static TensorProto.Builder tensor(Tensor tensor) {
    return TensorProto.newBuilder()
        .setDataType(ElementTypes.number(tensor.elementType()))
        .addAllDims(tensor.sizes().asList())
        .setRawData(ByteString.copyFrom(tensor.data().toArray(ValueLayout.JAVA_BYTE)));
  }

  public static Node node(String operator) {
    return new Node(operator);
  }

  /** A node in the making. */
  public static final class Node {
    private final NodeProto.Builder proto;

    private Node(String operator) {
      this.proto = NodeProto.newBuilder().setOpType(operator);
    }

    public Node name(String name) {
      proto.setName(name);
      return this;
    }

    /** Puts the operator into another domain than ONNX's own. */
    public Node domain(String domain) {
      proto.setDomain(domain);
      return this;
    }

    public Node in(String... names) {
      proto.addAllInput(List.of(names));
      return this;
    }

    public Node out(String... names) {
      proto.addAllOutput(List.of(names));
      return this;
    }

    public Node with(String attribute, long value) {
      return with(named(attribute, AttributeType.INT).setI(value));
    }

    public Node with(String attribute, double value) {
      return with(named(attribute, AttributeType.FLOAT).setF((float) value));
    }

    public Node with(String attribute, String value) {
      return with(named(attribute, AttributeType.STRING).setS(ByteString.copyFromUtf8(value)));
    }

    public Node with(String attribute, ImmutableLongArray values) {
      return with(named(attribute, AttributeType.INTS).addAllInts(values.asList()));
    }

    public Node with(String attribute, List<String> values) {
      AttributeProto.Builder builder = named(attribute, AttributeType.STRINGS);
      values.forEach(value -> builder.addStrings(ByteString.copyFromUtf8(value)));
      return with(builder);
    }

    public Node with(String attribute, Tensor value) {
      return with(named(attribute, AttributeType.TENSOR).setT(tensor(value)));
    }

    public Node with(String attribute, GraphProto value) {
      return with(named(attribute, AttributeType.GRAPH).setG(value));
    }

    public Node with(AttributeProto.Builder attribute) {
      proto.addAttribute(attribute);
      return this;
    }

    public NodeProto.Builder proto() {
      return proto;
    }

    private static AttributeProto.Builder named(String name, AttributeType type) {
      return AttributeProto.newBuilder().setName(name).setType(type);
    }
  }

  /** What an attribute calls an element type. */
  public static int number(ElementType type) {
    return ElementTypes.number(type);
  }

  /** An attribute of several numbers. */
  public static AttributeProto.Builder floats(String attribute, double... values) {
    AttributeProto.Builder builder = Node.named(attribute, AttributeType.FLOATS);
    for (double value : values) {
      builder.addFloats((float) value);
    }
    return builder;
  }

  /** Integers of an attribute. */
  public static ImmutableLongArray ints(long... values) {
    return ImmutableLongArray.copyOf(values);
  }
}
