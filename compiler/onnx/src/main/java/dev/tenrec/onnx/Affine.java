package dev.tenrec.onnx;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
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
      return Scale.as(q, ElementType.FLOAT32);
    }
    if (q.elementType().bits() > 16) {
      Value difference = new Binary(BinaryKind.SUB, q, zeroPoint.get()).value();
      return Scale.as(difference, ElementType.FLOAT32);
    }
    Value zero = Scale.as(zeroPoint.get(), ElementType.FLOAT32);
    return new Binary(BinaryKind.SUB, Scale.as(q, ElementType.FLOAT32), zero).value();
  }

  /** scale (q - zero) in float32. */
  static Value dequantized(Value q, Value scale, Optional<Value> zeroPoint) {
    Value number = centered(q, zeroPoint);
    return new Binary(BinaryKind.MUL, number, Scale.as(scale, ElementType.FLOAT32)).value();
  }

  /** x / scale + zero, rounded to even before the zero point is added, saturated. */
  static Op quantized(Value x, Value scale, Optional<Value> zeroPoint, ElementType to) {
    Value quotient = new Binary(BinaryKind.DIV, x, Scale.as(scale, x.elementType())).value();
    return rounded(quotient, zeroPoint, to);
  }

  /** The nearest integer, plus the zero point, in a type of at most 16 bits. */
  static Op rounded(Value quotient, Optional<Value> zeroPoint, ElementType to) {
    Value nearest = new Unary(UnaryKind.ROUND, quotient).value();
    Value number = Scale.as(nearest, ElementType.FLOAT32);
    Value moved =
        isZero(zeroPoint)
            ? number
            : new Binary(BinaryKind.ADD, number, Scale.as(zeroPoint.get(), ElementType.FLOAT32))
                .value();
    boolean signed = to.kind() == ElementType.Kind.SIGNED;
    double lowest = signed ? -(double) (1L << (to.bits() - 1)) : 0;
    double highest = (double) (1L << (signed ? to.bits() - 1 : to.bits())) - 1;
    Value limited = new Activation(ActivationKind.CLIP, moved, lowest, highest).value();
    return new Cast(limited, to);
  }
}
