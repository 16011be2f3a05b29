package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.binary;
import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.equal;
import static dev.tenrec.ir.Terms.less;
import static dev.tenrec.ir.Terms.min;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.unary;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.BitCast;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/**
 * Casts. The IR's own saturates and, to powers of two, rounds up; the other forms are made of it by
 * treating what it would change before.
 */
final class CastImport {
  private static final long EXPONENT = 0x7f800000L;
  private static final long LARGEST_FRACTION = 0x007fffffL;
  private static final long HALF_FRACTION = 0x00400000L;
  private static final double LARGEST = 0x1p127;

  /** In float8e5m2, the only type of 8 bits that has it. */
  private static final long INFINITY = 0x7c;

  private static final long NEGATIVE_INFINITY = 0xfc;

  private CastImport() {}

  static void register(OperatorTable on) {
    on.op("Cast", n -> cast(n, ElementTypes.of(n.required(n.attributes().integer("to"), "to"))));
    on.op("CastLike", n -> cast(n, n.input(1).elementType()));
  }

  private static Op cast(NodeContext n, ElementType to) {
    boolean saturate = n.flag("saturate", true);
    String mode = n.textAttribute("round_mode", "up");
    Value x = n.input(0);
    if (to == ElementType.FLOAT8E8M0) {
      return toPowerOfTwo(n, x, mode, saturate);
    }
    return saturate ? new Cast(x, to) : unsaturated(x, to);
  }

  /** A cast to 8 bits in which numbers beyond the largest become infinity, or else NaN. */
  static Op unsaturated(Value x, ElementType to) {
    if (!to.isFloating() || to.bits() != 8) {
      return new Cast(x, to);
    }
    Value number = precise(x);
    ElementType type = number.elementType();
    Value size = unary(UnaryKind.ABS, number);
    Value within =
        switch (to) {
          // In the middle between the largest number and the next, the even one is the largest.
          case FLOAT8E4M3FN -> atMost(BinaryKind.LESS_OR_EQUAL, size, 464);
          case FLOAT8E4M3FNUZ -> atMost(BinaryKind.LESS, size, 248);
          default -> atMost(BinaryKind.LESS, size, 61440);
        };
    if (to != ElementType.FLOAT8E5M2) {
      return new Cast(select(within, number, scalar(type, Double.NaN)), to);
    }
    Value below = less(number, scalar(type, 0));
    Value infinity =
        select(
            below,
            pattern(ElementType.UINT8, NEGATIVE_INFINITY),
            pattern(ElementType.UINT8, INFINITY));
    Value finite = new BitCast(Terms.cast(number, to), ElementType.UINT8).value();
    Value isNumber = equal(number, number);
    Value beyond = select(isNumber, infinity, finite);
    return new BitCast(select(within, finite, beyond), to);
  }

  private static Value atMost(BinaryKind kind, Value size, double limit) {
    return binary(kind, size, number(size, limit));
  }

  /** In a type whose numbers include those of x, as far as they matter here. */
  private static Value precise(Value x) {
    boolean wide = x.elementType() == ElementType.FLOAT32 || x.elementType() == ElementType.FLOAT64;
    return wide ? x : Terms.cast(x, ElementType.FLOAT32);
  }

  /**
   * Rounds the magnitude to a power of two on float32's own bits: the carry out of the fraction
   * raises the exponent. Infinity and NaN become NaN, and so does what exceeds 2^127 where nothing
   * saturates.
   */
  private static Op toPowerOfTwo(NodeContext n, Value x, String mode, boolean saturate) {
    long carry =
        switch (mode) {
          case "up" -> LARGEST_FRACTION;
          case "nearest" -> HALF_FRACTION;
          case "down" -> 0;
          default -> throw n.invalid("round_mode is '%s'".formatted(mode));
        };
    if (saturate && mode.equals("up")) {
      return new Cast(x, ElementType.FLOAT8E8M0);
    }
    Value number = unary(UnaryKind.ABS, Terms.cast(x, ElementType.FLOAT32));
    Value finite = less(number, scalar(ElementType.FLOAT32, Double.POSITIVE_INFINITY));
    Value bits = new BitCast(number, ElementType.INT32).value();
    Value carried = add(bits, pattern(ElementType.INT32, carry));
    Value exponent = binary(BinaryKind.BIT_AND, carried, pattern(ElementType.INT32, EXPONENT));
    Value rounded = new BitCast(exponent, ElementType.FLOAT32).value();
    Value limited = saturate ? min(rounded, scalar(ElementType.FLOAT32, LARGEST)) : rounded;
    return new Cast(select(finite, limited, number), ElementType.FLOAT8E8M0);
  }

  private static Value pattern(ElementType type, long bits) {
    return constant(Tensor.ofBits(type, ImmutableLongArray.of(), _ -> bits));
  }
}
