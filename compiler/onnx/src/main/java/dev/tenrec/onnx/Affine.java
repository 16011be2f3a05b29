package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.cast;
import static dev.tenrec.ir.Terms.div;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.sub;
import static dev.tenrec.ir.Terms.unary;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/**
 * Quantization with zero points, which the IR does not have, as arithmetic: x is scale (q - zero).
 * Scales and zero points are broadcast to x.
 */
final class Affine {
  private Affine() {}

  /** Whether a zero point is known to be 0 everywhere. */
  static boolean isZero(Optional<Value> zeroPoint) {
    return zeroPoint.isEmpty() || zeroPoint.get().constant().filter(Affine::isZero).isPresent();
  }

  private static boolean isZero(Tensor tensor) {
    boolean zero = true;
    for (long i = 0; i < tensor.count(); i++) {
      zero &= tensor.getDouble(i) == 0;
    }
    return zero;
  }

  /** q - zero in float32, which holds the differences of 16 bits. */
  static Value centered(Value q, Optional<Value> zeroPoint) {
    if (isZero(zeroPoint)) {
      return cast(q, ElementType.FLOAT32);
    }
    if (q.elementType().bits() > 16) {
      Value difference = sub(q, zeroPoint.get());
      return cast(difference, ElementType.FLOAT32);
    }
    Value zero = cast(zeroPoint.get(), ElementType.FLOAT32);
    return sub(cast(q, ElementType.FLOAT32), zero);
  }

  /** scale (q - zero) in float32. */
  static Value dequantized(Value q, Value scale, Optional<Value> zeroPoint) {
    Value number = centered(q, zeroPoint);
    return mul(number, cast(scale, ElementType.FLOAT32));
  }

  /** x / scale + zero, rounded to even before the zero point is added, saturated. */
  static Op quantized(Value x, Value scale, Optional<Value> zeroPoint, ElementType to) {
    Value quotient = div(x, cast(scale, x.elementType()));
    return rounded(quotient, zeroPoint, to);
  }

  /** The nearest integer, plus the zero point, in a type of at most 16 bits. */
  static Op rounded(Value quotient, Optional<Value> zeroPoint, ElementType to) {
    Value nearest = unary(UnaryKind.ROUND, quotient);
    Value number = cast(nearest, ElementType.FLOAT32);
    Value moved =
        isZero(zeroPoint) ? number : add(number, cast(zeroPoint.get(), ElementType.FLOAT32));
    boolean signed = to.kind() == ElementType.Kind.SIGNED;
    double lowest = signed ? -(double) (1L << (to.bits() - 1)) : 0;
    double highest = (double) (1L << (signed ? to.bits() - 1 : to.bits())) - 1;
    Value limited = new Activation(ActivationKind.CLIP, moved, lowest, highest).value();
    return new Cast(limited, to);
  }
}
