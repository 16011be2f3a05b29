package dev.tenrec.passes.fuse;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Attention.CausalMask;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source.Range;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * Booleans over queries and keys that are true up to a diagonal: key j for query i where {@code j
 * <= i + offset}.
 */
final class CausalPattern {
  private CausalPattern() {}

  /** Which causal mask a value of shape [..., queries, keys] is, if it is one. */
  static Optional<CausalMask> of(Value mask, Dim queries, Dim keys) {
    int rank = mask.rank();
    Shape wanted = Shape.of(queries, keys).padTo(rank);
    if (rank < 2 || mask.elementType() != ElementType.BOOL || !mask.shape().equals(wanted)) {
      return Optional.empty();
    }
    Optional<Dim> offset =
        mask.constant().isPresent()
            ? offset(mask.constant().get()).map(Dim::of)
            : offset(mask, false);
    return offset.flatMap(by -> {
      if (by.is(0)) {
        return Optional.of(CausalMask.UPPER_LEFT);
      }
      return by.equals(keys.minus(queries))
          ? Optional.of(CausalMask.LOWER_RIGHT)
          : Optional.empty();
    });
  }

  /** The offset of a comparison of places, or of the opposite of one. */
  private static Optional<Dim> offset(Value mask, boolean not) {
    return switch (mask.producer().map(Node::op).orElse(null)) {
      case Unary(UnaryKind kind, Value x) when kind == UnaryKind.NOT -> offset(x, !not);
      case Binary(BinaryKind kind, Value a, Value b) -> offset(kind, a, b, not);
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Dim> offset(BinaryKind kind, Value a, Value b, boolean not) {
    // Queries are counted along the last axis but one, keys along the last.
    Optional<Dim> keysFirst = difference(a, b);
    Optional<Dim> queriesFirst = difference(b, a);
    BinaryKind meant = not ? opposite(kind) : kind;
    return switch (meant) {
      case LESS_OR_EQUAL -> keysFirst;
      case GREATER_OR_EQUAL -> queriesFirst;
      case LESS -> keysFirst.map(d -> d.minus(Fixed.ONE));
      case GREATER -> queriesFirst.map(d -> d.minus(Fixed.ONE));
      default -> Optional.empty();
    };
  }

  private static BinaryKind opposite(BinaryKind kind) {
    return switch (kind) {
      case LESS -> BinaryKind.GREATER_OR_EQUAL;
      case LESS_OR_EQUAL -> BinaryKind.GREATER;
      case GREATER -> BinaryKind.LESS_OR_EQUAL;
      case GREATER_OR_EQUAL -> BinaryKind.LESS;
      default -> BinaryKind.EQUAL;
    };
  }

  /** q - k for keys counted from k on, and queries from q on. */
  private static Optional<Dim> difference(Value keys, Value queries) {
    Optional<Dim> k = first(keys, 1);
    Optional<Dim> q = first(queries, 2);
    return k.flatMap(from -> q.map(other -> other.minus(from)));
  }

  /**
   * Where a value starts that counts along one axis, and along no other.
   *
   * @param fromLast 1 for the last axis, 2 for the one before it
   */
  private static Optional<Dim> first(Value value, int fromLast) {
    int axis = value.rank() - fromLast;
    for (int i = 0; i < value.rank(); i++) {
      if (i != axis && !value.dim(i).is(1)) {
        return Optional.empty();
      }
    }
    return axis < 0 ? Optional.empty() : first(value);
  }

  /** Where a value starts that counts in the order of its elements. */
  private static Optional<Dim> first(Value value) {
    return switch (value.producer().map(Node::op).orElse(null)) {
      case Reshape(Value x, _, _) -> first(x);
      case Unsqueeze(Value x, _) -> first(x);
      case Range(Value start, _, Value step) when isOne(step) -> only(start);
      case Binary(BinaryKind kind, Value a, Value b) when kind == BinaryKind.ADD ->
          sum(a, b).or(() -> sum(b, a));
      case Binary(BinaryKind kind, Value a, Value b) when kind == BinaryKind.SUB ->
          first(a).flatMap(from -> only(b).map(from::minus));
      case null, default -> Optional.empty();
    };
  }

  private static Optional<Dim> sum(Value counted, Value number) {
    return first(counted).flatMap(from -> only(number).map(from::plus));
  }

  private static boolean isOne(Value step) {
    return only(step).filter(dim -> dim.is(1)).isPresent();
  }

  private static Optional<Dim> only(Value value) {
    return value.content().filter(content -> content.size() == 1).map(ImmutableList::getFirst);
  }

  /** The offset of a constant of known sizes. */
  private static Optional<Long> offset(Tensor mask) {
    long keys = mask.size(mask.rank() - 1);
    long queries = mask.size(mask.rank() - 2);
    for (long offset : new long[] {0, keys - queries}) {
      boolean all = true;
      for (long i = 0; all && i < mask.count(); i++) {
        all = (mask.getLong(i) != 0) == (i % keys <= i / keys + offset);
      }
      if (all) {
        return Optional.of(offset);
      }
    }
    return Optional.empty();
  }
}
