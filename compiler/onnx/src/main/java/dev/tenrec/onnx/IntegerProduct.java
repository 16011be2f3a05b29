package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unary;

import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.stream.LongStream;

/**
 * Sums of products of integers, computed exactly in floating point: in float32 where no sum can
 * exceed what it counts one by one. Larger ones are split: with a = 16 h + l, the sums of h b and
 * of l b are smaller. Where that does not help, float64 computes them.
 *
 * @param terms how many products a sum has
 * @param product the sums for two operands of one floating-point type
 */
record IntegerProduct(OptionalLong terms, BinaryOperator<Value> product) {
  private static final double EXACT = 1 << 24;
  private static final long BASE = 16;

  /**
   * Integers in float32.
   *
   * @param limit what their magnitudes do not exceed
   */
  record Operand(Value value, long limit) {
    /** q minus its zero point, which is broadcast to it. */
    static Operand of(Value q, Optional<Value> zeroPoint) {
      long[] range = range(q);
      long[] zero = zeroPoint.map(IntegerProduct::range).orElse(new long[2]);
      long limit = Math.max(Math.abs(range[1] - zero[0]), Math.abs(range[0] - zero[1]));
      return new Operand(Affine.centered(q, zeroPoint), Math.max(1, limit));
    }
  }

  /** The least and the largest number that a value may hold: of its type, or of the constant. */
  private static long[] range(Value q) {
    Optional<Tensor> constant = q.constant().filter(tensor -> tensor.count() > 0);
    if (constant.isPresent()) {
      LongSummaryStatistics numbers =
          LongStream.range(0, constant.get().count())
              .map(i -> constant.get().getLong(i))
              .summaryStatistics();
      return new long[] {numbers.getMin(), numbers.getMax()};
    }
    int bits = q.elementType().bits();
    return q.elementType().kind() == ElementType.Kind.SIGNED
        ? new long[] {-1L << (bits - 1), ~(-1L << (bits - 1))}
        : new long[] {0, ~(-1L << bits)};
  }

  /** The sums as int32, which wrap around. */
  Value of(Operand a, Operand b) {
    if (terms.isPresent() && isExact(a, b)) {
      return cast(product.apply(a.value, b.value), ElementType.INT32);
    }
    boolean splits = terms.isPresent() && isExact(part(a), part(b));
    if (!splits) {
      Value sums = product.apply(wide(a), wide(b));
      return cast(cast(sums, ElementType.INT64), ElementType.INT32);
    }
    return a.limit >= b.limit ? split(a, half -> of(half, b)) : split(b, half -> of(a, half));
  }

  private boolean isExact(Operand a, Operand b) {
    return (double) terms.orElseThrow() * a.limit * b.limit <= EXACT;
  }

  private static Operand part(Operand operand) {
    return new Operand(operand.value, Math.min(operand.limit, BASE));
  }

  private static Value wide(Operand operand) {
    return cast(operand.value, ElementType.FLOAT64);
  }

  /** 16 times the sums for the high part plus those for the low one. */
  private static Value split(Operand operand, Function<Operand, Value> sums) {
    Value base = scalar(ElementType.FLOAT32, BASE);
    Value quotient = div(operand.value, base);
    Value high = unary(UnaryKind.FLOOR, quotient);
    Value multiple = mul(high, base);
    Value low = sub(operand.value, multiple);
    Value ofHigh = sums.apply(new Operand(high, Math.ceilDiv(operand.limit, BASE)));
    Value ofLow = sums.apply(new Operand(low, BASE - 1));
    Value raised = mul(ofHigh, scalar(ElementType.INT32, BASE));
    return add(raised, ofLow);
  }
}
