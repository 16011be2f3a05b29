package dev.tenrec.tensorrt.legalize;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;

/**
 * Powers of integers as products, because TensorRT 10 has them for floats only.
 *
 * <pre>x^n → product over k of (bit k of n ? x^(2^k) : 1), with x^(2^(k+1)) = x^(2^k) x^(2^k)</pre>
 *
 * <p>Six bits suffice: with a larger exponent only 0, 1 and -1 have a power that does not overflow,
 * and theirs depends on the lowest bit. A negative exponent leaves 1, -1 or, cut off, 0.
 *
 * <p>Source: Knuth, "The Art of Computer Programming", volume 2, 4.6.3, the right-to-left binary
 * method.
 */
public record DecomposeIntegerPower() implements Rule {
  private static final int BITS = 6;
  private static final int LARGEST = (1 << BITS) - 1;

  @Override
  public String name() {
    return "decompose-integer-power";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Binary(BinaryKind kind, Value x, Value exponent)
            && kind == BinaryKind.POW
            && x.elementType().isInteger()
            && exponent.elementType() == x.elementType()
        ? Optional.of(power(x, exponent))
        : Optional.empty();
  }

  private static Value power(Value x, Value exponent) {
    Value parity = modulo(exponent, 2);
    Value large = Terms.add(parity, Terms.number(x, LARGEST - 1));
    Value isLarge = Terms.binary(BinaryKind.GREATER, exponent, Terms.number(x, LARGEST));
    Value bounded = Terms.select(isLarge, large, exponent);
    Value product = Terms.number(x, 1);
    Value square = x;
    for (int bit = 0; bit < BITS; bit++) {
      Value shifted = Terms.binary(BinaryKind.FLOOR_DIV, bounded, Terms.number(x, 1 << bit));
      Value isSet = Terms.equal(modulo(shifted, 2), Terms.number(x, 1));
      product = Terms.select(isSet, Terms.mul(product, square), product);
      square = Terms.mul(square, square);
    }
    Value isNegative = Terms.less(exponent, Terms.number(x, 0));
    return Terms.select(isNegative, reciprocal(x, parity), product);
  }

  /** x^-n: 1 for 1, a sign for -1, and 0 for all others. */
  private static Value reciprocal(Value x, Value parity) {
    Value sign = Terms.sub(Terms.number(x, 1), Terms.mul(Terms.number(x, 2), parity));
    Value isOne = Terms.equal(x, Terms.number(x, 1));
    Value isMinusOne = Terms.equal(x, Terms.number(x, -1));
    Value ofOthers = Terms.select(isMinusOne, sign, Terms.number(x, 0));
    return Terms.select(isOne, Terms.number(x, 1), ofOthers);
  }

  private static Value modulo(Value x, int divisor) {
    return Terms.binary(BinaryKind.MOD, x, Terms.number(x, divisor));
  }
}
