package dev.tenrec.passes.fuse;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * Bounds of the elements of a value, as far as constants and integers tell; both infinite if
 * nothing is known, or if there may be an element that is not a number.
 */
record NumberRange(double low, double high) {
  private static final int MAX_DEPTH = 12;
  private static final NumberRange UNKNOWN =
      new NumberRange(Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);

  /** Whether all elements are finite in float32. */
  boolean isFinite() {
    return Float.isFinite((float) low) && Float.isFinite((float) high);
  }

  static NumberRange of(Value value) {
    return of(value, MAX_DEPTH);
  }

  private static NumberRange of(Value value, int depth) {
    if (value.constant().isPresent()) {
      return of(value.constant().get());
    }
    NumberRange own = depth == 0 ? UNKNOWN : of(value.producer().map(Node::op), depth - 1);
    return own.equals(UNKNOWN) ? ofType(value.elementType()) : own;
  }

  private static NumberRange ofType(ElementType type) {
    return switch (type.kind()) {
      case BOOLEAN -> new NumberRange(0, 1);
      case SIGNED, UNSIGNED -> new NumberRange(-0x1p63, 0x1p64);
      case FLOATING -> UNKNOWN;
    };
  }

  private static NumberRange of(Tensor tensor) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (long i = 0; i < tensor.count(); i++) {
      double number = tensor.getDouble(i);
      if (Double.isNaN(number)) {
        return UNKNOWN;
      }
      low = Math.min(low, number);
      high = Math.max(high, number);
    }
    return tensor.count() == 0 ? new NumberRange(0, 0) : new NumberRange(low, high);
  }

  private static NumberRange of(Optional<Op> op, int depth) {
    return switch (op.orElse(null)) {
      case Reshape(Value x, _, _) -> of(x, depth);
      case Squeeze(Value x, _) -> of(x, depth);
      case Unsqueeze(Value x, _) -> of(x, depth);
      case Transpose(Value x, _) -> of(x, depth);
      case Slice slice -> of(slice.x(), depth);
      case Expand(Value x, _) -> of(x, depth);
      case Gather(Value x, _, _) -> of(x, depth);
      case Cast(Value x, ElementType to) when to.bits() >= 32 -> of(x, depth);
      case Concat(var inputs, _) ->
          inputs.stream().map(x -> of(x, depth)).reduce(NumberRange::or).orElse(UNKNOWN);
      case Select(_, Value a, Value b) -> of(a, depth).or(of(b, depth));
      case Unary(UnaryKind kind, Value x) when kind == UnaryKind.NEG -> of(x, depth).negative();
      case Binary binary -> of(binary, depth);
      case null, default -> UNKNOWN;
    };
  }

  private static NumberRange of(Binary op, int depth) {
    NumberRange a = of(op.a(), depth);
    NumberRange b = of(op.b(), depth);
    return switch (op.kind()) {
      case ADD -> a.plus(b);
      case SUB -> a.plus(b.negative());
      case MUL -> a.times(b);
      case MIN, MAX -> a.or(b);
      default -> UNKNOWN;
    };
  }

  private NumberRange or(NumberRange other) {
    return new NumberRange(Math.min(low, other.low), Math.max(high, other.high));
  }

  private NumberRange negative() {
    return new NumberRange(-high, -low);
  }

  private NumberRange plus(NumberRange other) {
    return known(low + other.low, high + other.high);
  }

  private NumberRange times(NumberRange other) {
    double first = low * other.low;
    double second = low * other.high;
    double third = high * other.low;
    double fourth = high * other.high;
    return known(
        Math.min(Math.min(first, second), Math.min(third, fourth)),
        Math.max(Math.max(first, second), Math.max(third, fourth)));
  }

  private static NumberRange known(double low, double high) {
    return Double.isNaN(low) || Double.isNaN(high) ? UNKNOWN : new NumberRange(low, high);
  }
}
