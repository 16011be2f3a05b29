package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.proto.AttributeProto;
import dev.tenrec.onnx.proto.AttributeProto.AttributeType;
import dev.tenrec.onnx.proto.GraphProto;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/** The attributes of a node by name and type. Remembers which were asked for. */
final class Attributes {
  private final List<AttributeProto> attributes;
  private final TensorReader tensors;
  private final Set<String> read = new HashSet<>();

  Attributes(List<AttributeProto> attributes, TensorReader tensors) {
    this.attributes = attributes;
    this.tensors = tensors;
  }

  Optional<Long> integer(String name) {
    return find(name, AttributeType.INT, AttributeProto::getI);
  }

  Optional<Double> number(String name) {
    return find(name, AttributeType.FLOAT, attribute -> (double) attribute.getF());
  }

  Optional<String> text(String name) {
    return find(name, AttributeType.STRING, attribute -> attribute.getS().toStringUtf8());
  }

  Optional<ImmutableLongArray> integers(String name) {
    return find(
        name, AttributeType.INTS, attribute -> ImmutableLongArray.copyOf(attribute.getIntsList()));
  }

  Optional<List<Float>> numbers(String name) {
    return find(name, AttributeType.FLOATS, AttributeProto::getFloatsList);
  }

  Optional<List<String>> texts(String name) {
    return find(
        name,
        AttributeType.STRINGS,
        attribute ->
            attribute.getStringsList().stream().map(bytes -> bytes.toStringUtf8()).toList());
  }

  Optional<Tensor> tensor(String name) {
    return find(name, AttributeType.TENSOR, attribute -> tensors.read(attribute.getT()));
  }

  Optional<GraphProto> graph(String name) {
    return find(name, AttributeType.GRAPH, AttributeProto::getG);
  }

  /** All attributes, of any type. */
  List<AttributeProto> all() {
    attributes.forEach(attribute -> read.add(attribute.getName()));
    return attributes;
  }

  /** Marks attributes as known that do not change what a node computes here. */
  void ignore(String... names) {
    read.addAll(List.of(names));
  }

  /** An attribute that nobody asked for. */
  Optional<String> unread() {
    return attributes.stream()
        .map(AttributeProto::getName)
        .filter(name -> !read.contains(name))
        .findFirst();
  }

  private <T> Optional<T> find(
      String name, AttributeType type, Function<AttributeProto, T> getter) {
    read.add(name);
    Optional<AttributeProto> attribute =
        attributes.stream().filter(candidate -> candidate.getName().equals(name)).findFirst();
    return attribute.map(found -> getter.apply(checked(found, type)));
  }

  private static AttributeProto checked(AttributeProto attribute, AttributeType expected) {
    // Old exporters leave the type away; then the one field that is set must be the right one.
    AttributeType actual = attribute.getType();
    if (!attribute.getRefAttrName().isEmpty()) {
      throw new TenrecException(
          ErrorCode.INVALID_MODEL,
          "attribute '%s' refers to a function's attribute outside of a function"
              .formatted(attribute.getName()));
    }
    if (actual != expected && actual != AttributeType.UNDEFINED) {
      throw new TenrecException(
              ErrorCode.INVALID_MODEL,
              "attribute '%s': expected %s, but it is %s"
                  .formatted(attribute.getName(), expected, actual))
          .advise(
              "the exporter wrote a node that breaks ONNX's rules; check the model with"
                  + " onnx.checker");
    }
    return attribute;
  }
}
