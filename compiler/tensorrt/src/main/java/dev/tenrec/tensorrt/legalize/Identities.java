package dev.tenrec.tensorrt.legalize;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/** The number that changes nothing when it takes part in a reduction. */
final class Identities {
  private Identities() {}

  /** A scalar. */
  static Value of(ReduceKind kind, ElementType type) {
    return switch (kind) {
      case SUM -> Terms.scalar(type, 0);
      case PROD -> Terms.scalar(type, 1);
      case MAX -> type.isFloating() ? Terms.scalar(type, Double.NEGATIVE_INFINITY) : least(type);
      case MIN -> type.isFloating() ? Terms.scalar(type, Double.POSITIVE_INFINITY) : most(type);
      case MEAN, L1, L2, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP ->
          throw new TenrecException(ErrorCode.INTERNAL, kind + " has no identity");
    };
  }

  private static Value least(ElementType type) {
    long number =
        switch (type.kind()) {
          case SIGNED -> -1L << (type.bits() - 1);
          case UNSIGNED, BOOLEAN, FLOATING -> 0;
        };
    return Terms.constant(Tensor.ofLongs(type, ImmutableLongArray.of(), _ -> number));
  }

  private static Value most(ElementType type) {
    long number =
        switch (type.kind()) {
          case SIGNED -> -1L >>> (65 - type.bits());
          case UNSIGNED -> -1L >>> (64 - type.bits());
          case BOOLEAN, FLOATING -> 1;
        };
    return Terms.constant(Tensor.ofLongs(type, ImmutableLongArray.of(), _ -> number));
  }
}
