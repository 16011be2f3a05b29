package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/** The integers from {@code low} to {@code high}, both included. */
record IntegerRange(long low, long high) {
  static final IntegerRange BOOLEAN = new IntegerRange(0, 1);

  /** What a type holds; of {@code uint64} the numbers that an {@code int64} holds too. */
  static IntegerRange of(ElementType type) {
    return switch (type.kind()) {
      case SIGNED -> new IntegerRange(-1L << (type.bits() - 1), ~(-1L << (type.bits() - 1)));
      case UNSIGNED ->
          new IntegerRange(0, type.bits() == 64 ? Long.MAX_VALUE : ~(-1L << type.bits()));
      case BOOLEAN -> BOOLEAN;
      case FLOATING -> throw new IllegalArgumentException(type.text());
    };
  }

  /** What the elements of a tensor of integers lie in. */
  static IntegerRange of(Tensor tensor) {
    long low = Long.MAX_VALUE;
    long high = Long.MIN_VALUE;
    for (long i = 0; i < tensor.count(); i++) {
      low = Math.min(low, tensor.getLong(i));
      high = Math.max(high, tensor.getLong(i));
    }
    return low > high ? new IntegerRange(0, 0) : new IntegerRange(low, high);
  }

  boolean isIn(IntegerRange other) {
    return low >= other.low && high <= other.high;
  }

  boolean isIn(ElementType type) {
    return isIn(of(type));
  }

  /** The largest magnitude; of the lowest number of all, one less. */
  long magnitude() {
    return Math.max(high, low == Long.MIN_VALUE ? Long.MAX_VALUE : -low);
  }

  IntegerRange union(IntegerRange other) {
    return new IntegerRange(Math.min(low, other.low), Math.max(high, other.high));
  }

  /** As far as limits reach. */
  IntegerRange clamped(long lowest, long highest) {
    return lowest > highest
        ? new IntegerRange(highest, highest)
        : new IntegerRange(Math.clamp(low, lowest, highest), Math.clamp(high, lowest, highest));
  }

  /** The sums; nothing if some do not fit 64 bits. */
  Optional<IntegerRange> plus(IntegerRange other) {
    return exact(
        () -> new IntegerRange(Math.addExact(low, other.low), Math.addExact(high, other.high)));
  }

  Optional<IntegerRange> minus(IntegerRange other) {
    return exact(() ->
        new IntegerRange(Math.subtractExact(low, other.high), Math.subtractExact(high, other.low)));
  }

  Optional<IntegerRange> times(IntegerRange other) {
    return exact(() -> {
      IntegerRange ofLow = products(low, other);
      return ofLow.union(products(high, other));
    });
  }

  private static IntegerRange products(long factor, IntegerRange other) {
    long a = Math.multiplyExact(factor, other.low);
    long b = Math.multiplyExact(factor, other.high);
    return new IntegerRange(Math.min(a, b), Math.max(a, b));
  }

  /** The smallest range of a signed type of any width that holds all of these. */
  IntegerRange patterns() {
    int bits = 64 - Long.numberOfLeadingZeros(low < 0 ? Math.max(~low, high) : high);
    return bits >= 63
        ? of(ElementType.INT64)
        : new IntegerRange(low < 0 ? -1L << bits : 0, ~(-1L << bits));
  }

  private interface Calculation {
    IntegerRange run();
  }

  private static Optional<IntegerRange> exact(Calculation calculation) {
    try {
      return Optional.of(calculation.run());
    } catch (ArithmeticException _) {
      return Optional.empty();
    }
  }
}
