package dev.tenrec.tensorrt;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;

/**
 * Division of integers as the one layer that is exact on a GPU: TensorRT 10.6 divides int64 exactly
 * towards zero, but int32 and everything towards minus infinity in float, which holds integers up
 * to 2^24.
 */
final class IntegerDivision {
  private IntegerDivision() {}

  /** The quotient without its fraction. */
  static NetworkTensor towardsZero(NetworkTensor a, NetworkTensor b, Scope in) {
    NetworkTensor quotient =
        in.binary(
            ElementWiseOperation.DIV, in.cast(a, ElementType.INT64), in.cast(b, ElementType.INT64));
    return in.cast(quotient, a.elementType());
  }

  /**
   * The largest integer that is not above the quotient.
   *
   * <p>With q the quotient towards zero, r = a - q b what is left and s the sign of b, that is q +
   * max(min(r s, 0), -1): one less where r and b have different signs.
   */
  static NetworkTensor towardsMinusInfinity(NetworkTensor a, NetworkTensor b, Scope in) {
    NetworkTensor quotient = towardsZero(a, b, in);
    NetworkTensor rest = in.difference(a, in.product(quotient, b));
    NetworkTensor sign = clamped(b, 1, in);
    return in.sum(quotient, clamped(in.product(rest, sign), 0, in));
  }

  /** x, but -1 if it is below that and the limit if it is above that. */
  private static NetworkTensor clamped(NetworkTensor x, int limit, Scope in) {
    NetworkTensor bounded = in.binary(ElementWiseOperation.MIN, x, in.like(x, limit));
    return in.binary(ElementWiseOperation.MAX, bounded, in.like(x, -1));
  }
}
