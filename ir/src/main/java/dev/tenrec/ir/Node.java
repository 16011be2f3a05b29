package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.Streams;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import java.util.List;
import java.util.Optional;

/**
 * An operation in place: with its results and its location.
 *
 * <p>Nodes exist before a graph holds them. A rule returns an operation over values of new nodes;
 * whoever builds the graph adds those nodes in order and gives them a location.
 */
public final class Node {
  private final Op op;
  private final ImmutableList<Value> results;
  private Location location;

  private Node(Op op, Location location, List<String> names) {
    this.op = op;
    this.location = location;
    ImmutableList<TensorType> types = types(op);
    Optional<ImmutableList<Dim>> content =
        types.size() == 1 ? Contents.of(op, types.getFirst()) : Optional.empty();
    ImmutableList.Builder<Value> values = ImmutableList.builder();
    for (int i = 0; i < types.size(); i++) {
      String name = i < names.size() ? names.get(i) : "";
      values.add(Value.result(this, types.get(i), content.orElse(null), name));
    }
    this.results = values.build();
  }

  private Node(Node like, Op op, List<String> names) {
    this.op = op;
    this.location = like.location;
    this.results =
        Streams.zip(
                like.results.stream(),
                names.stream(),
                (r, name) -> Value.result(this, r.type(), r.content().orElse(null), name))
            .collect(ImmutableList.toImmutableList());
  }

  private static ImmutableList<TensorType> types(Op op) {
    try {
      ImmutableList<TensorType> types = op.inferTypes();
      types.forEach(Node::checkSizes);
      return types;
    } catch (ArithmeticException e) {
      throw new TenrecException(ErrorCode.INVALID_TYPE, "sizes overflow: " + e.getMessage(), e);
    }
  }

  private static void checkSizes(TensorType type) {
    boolean negative = type.shape().dims().stream().anyMatch(dim -> dim.value().orElse(0) < 0);
    Typing.check(!negative, "the result would be %s", type);
  }

  /** A node that gets its location when a graph takes it in. */
  public static Node of(Op op) {
    return new Node(op, Location.UNKNOWN, List.of());
  }

  /**
   * A node with suggested names for its results.
   *
   * @throws TenrecException if the operation cannot be typed
   */
  public static Node of(Op op, Location location, List<String> names) {
    try {
      return new Node(op, location, names);
    } catch (TenrecException e) {
      throw e.at(location);
    }
  }

  /**
   * The same operation on other values, with the same location and names. Where as much is known of
   * the values as of the operands before, the results keep their types and nothing is inferred.
   *
   * @throws TenrecException if the operation cannot be typed
   */
  public Node withOperands(ImmutableList<Value> operands) {
    ImmutableList<Value> before = op.operands();
    boolean alike = true;
    for (int i = 0; alike && i < before.size(); i++) {
      alike = alike(before.get(i), operands.get(i));
    }
    return alike
        ? new Node(this, op.withOperands(operands), names())
        : of(op.withOperands(operands), location, names());
  }

  /** The same with other names for the results: itself if they have those. */
  public Node named(List<String> names) {
    return names.equals(names()) ? this : new Node(this, op, names);
  }

  /** The names of the results. */
  public List<String> names() {
    return results.stream().map(Value::name).toList();
  }

  private static boolean alike(Value a, Value b) {
    return a.equals(b)
        || (a.type().equals(b.type())
            && a.content().equals(b.content())
            && a.constant().isPresent() == b.constant().isPresent());
  }

  public Op op() {
    return op;
  }

  public ImmutableList<Value> results() {
    return results;
  }

  /** The only result. */
  public Value result() {
    if (results.size() != 1) {
      throw new TenrecException(
          ErrorCode.INTERNAL, "%s has %d results".formatted(op, results.size()));
    }
    return results.getFirst();
  }

  public Location location() {
    return location;
  }

  /** Gives a node that a rule made the location of what it replaces; others keep theirs. */
  public void locate(Location place) {
    if (location.equals(Location.UNKNOWN)) {
      location = place;
    }
  }

  @Override
  public String toString() {
    return op.toString();
  }
}
