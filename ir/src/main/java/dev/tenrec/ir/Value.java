package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an operation computes or a graph is given. Compared by identity.
 *
 * <p>Small integer tensors carry their elements as expressions over the sizes of the graph's
 * inputs, where inference can tell them: see {@link #content}.
 */
public final class Value {
  private final TensorType type;
  private final @Nullable Node producer;
  private final @Nullable ImmutableList<Dim> content;
  private final String name;

  private Value(
      TensorType type, @Nullable Node producer, @Nullable ImmutableList<Dim> content, String name) {
    this.type = type;
    this.producer = producer;
    this.content = content;
    this.name = name;
  }

  static Value input(String name, TensorType type) {
    return new Value(type, null, null, name);
  }

  static Value result(
      Node producer, TensorType type, @Nullable ImmutableList<Dim> content, String name) {
    return new Value(type, producer, content, name);
  }

  public TensorType type() {
    return type;
  }

  public ElementType elementType() {
    return type.elementType();
  }

  public Shape shape() {
    return type.shape();
  }

  public int rank() {
    return type.rank();
  }

  public Dim dim(int axis) {
    return type.dim(axis);
  }

  /** The node that computes this; empty for an input of a graph. */
  public Optional<Node> producer() {
    return Optional.ofNullable(producer);
  }

  /** The operation that computes this, if it is of the given kind: the first step of a pattern. */
  public <T extends Op> Optional<T> producedBy(Class<T> kind) {
    return producer != null && kind.isInstance(producer.op())
        ? Optional.of(kind.cast(producer.op()))
        : Optional.empty();
  }

  /** The elements, if a constant computes this. */
  public Optional<Tensor> constant() {
    return producedBy(Source.Constant.class).map(Source.Constant::tensor);
  }

  /** The only element of a constant with one element, as a number. */
  public Optional<Double> scalarConstant() {
    return constant().filter(tensor -> tensor.count() == 1).map(tensor -> tensor.getDouble(0));
  }

  /** The elements in row-major order as expressions, for small integer tensors of known content. */
  public Optional<ImmutableList<Dim>> content() {
    return Optional.ofNullable(content);
  }

  /** A suggestion for printing, not an identity; empty if there is none. */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return (name.isEmpty() ? "_" : name) + ": " + type;
  }
}
