package dev.tenrec.passes.precision;

import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Value;
import java.util.Optional;
import java.util.OptionalLong;

/** Quotients that are bounded because the divisor grows with the dividend. */
final class Shares {
  private Shares() {}

  /**
   * What x / s lies in, for s = Σ x and s = mean x where no x is negative, and for s = √Σ x²; a
   * positive constant may be added to s or bound it from below.
   *
   * @param x what the dividend lies in
   */
  static Optional<Interval> bound(Binary quotient, Interval x) {
    return guarded(quotient.b())
        .producedBy(Reduce.class)
        .filter(sum -> sum.keepDims() && sum.x().equals(quotient.a()))
        .flatMap(sum ->
            switch (sum.kind()) {
              case SUM -> x.min() >= 0 ? Optional.of(Interval.UNIT) : Optional.empty();
              case MEAN -> x.min() >= 0 ? count(sum) : Optional.empty();
              case L2 -> Optional.of(Interval.proven(-1, 1));
              case MAX, MIN, PROD, L1, SUM_SQUARE, LOG_SUM, LOG_SUM_EXP -> Optional.empty();
            });
  }

  private static Value guarded(Value divisor) {
    return divisor
        .producedBy(Binary.class)
        .filter(guard -> guard.kind() == BinaryKind.ADD || guard.kind() == BinaryKind.MAX)
        .filter(guard -> guard.b().scalarConstant().filter(number -> number >= 0).isPresent())
        .map(Binary::a)
        .orElse(divisor);
  }

  private static Optional<Interval> count(Reduce mean) {
    double count = 1;
    for (int axis : mean.axes()) {
      OptionalLong size = mean.x().dim(axis).value();
      if (size.isEmpty()) {
        return Optional.empty();
      }
      count *= size.getAsLong();
    }
    return Optional.of(Interval.proven(0, count));
  }
}
