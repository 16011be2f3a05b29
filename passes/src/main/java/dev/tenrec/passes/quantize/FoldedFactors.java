package dev.tenrec.passes.quantize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Normalization.LayerNorm;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.Value;
import java.util.List;
import java.util.Optional;
import java.util.function.IntUnaryOperator;

/**
 * Constants that can take a factor for each channel of the last axis, so that nobody multiplies.
 */
public final class FoldedFactors {
  /** A constant and its axis with the channels. */
  public record Place(Reading reading, int axis) {
    long channels() {
      return reading.value().dim(axis).value().orElseThrow();
    }
  }

  private FoldedFactors() {}

  /**
   * The constants that a value is proportional to, channel by channel, all at once.
   *
   * @param channels how many there are
   */
  public static Optional<ImmutableList<Place>> behind(Value value, long channels, Uses uses) {
    return value.producer().flatMap(node -> behind(node, value, channels, uses));
  }

  private static Optional<ImmutableList<Place>> behind(
      Node node, Value value, long channels, Uses uses) {
    return switch (node.op()) {
      case LayerNorm norm when norm.axis() == value.rank() - 1 ->
          all(node, i -> node.op().operands().get(i).rank() - 1, channels);
      case RmsNorm norm when norm.axis() == value.rank() - 1 ->
          all(node, i -> node.op().operands().get(i).rank() - 1, channels);
      case MatMul matMul ->
          place(new Reading(node, 1), matMul.b().rank() - (matMul.transposeB() ? 2 : 1), channels)
              .map(ImmutableList::of);
      case Binary(BinaryKind kind, Value a, Value b) when kind == BinaryKind.MUL ->
          factor(b, channels, uses).or(() -> factor(a, channels, uses));
      default -> Optional.empty();
    };
  }

  /** Of one factor of a product, which nobody else reads. */
  private static Optional<ImmutableList<Place>> factor(Value value, long channels, Uses uses) {
    return uses.only(value).flatMap(_ -> behind(value, channels, uses));
  }

  /** All operands but the first, with their axes. */
  static Optional<ImmutableList<Place>> all(Node node, IntUnaryOperator axis, long channels) {
    ImmutableList.Builder<Place> places = ImmutableList.builder();
    List<Value> operands = node.op().operands();
    for (int i = 1; i < operands.size(); i++) {
      Optional<Place> place = place(new Reading(node, i), axis.applyAsInt(i), channels);
      if (place.isEmpty()) {
        return Optional.empty();
      }
      places.add(place.get());
    }
    return Optional.of(places.build());
  }

  private static Optional<Place> place(Reading reading, int axis, long channels) {
    return constant(reading, axis).filter(place -> place.channels() == channels);
  }

  /** The place of an operand, if it is a constant. */
  static Optional<Place> constant(Reading reading, int axis) {
    Value value = reading.value();
    return value.constant().isPresent() && axis >= 0 && axis < value.rank()
        ? Optional.of(new Place(reading, axis))
        : Optional.empty();
  }
}
