package dev.tenrec.passes.precision;

import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Constants in a type of fewer bits. Looks at each one once; for one run.
 *
 * <p>Large negative numbers stand for "not this one" in masks. Where the type does not hold them
 * they become half its lowest number, which does the same, even if scores and a second mask are
 * added; −∞ stays. Other numbers that the type cannot hold keep the operation that reads them in
 * float32.
 */
final class LowConstants {
  /** No weight is below this, and every mask that exporters write is. */
  static final double MASK = -1e9;

  private final LowType low;
  private final Map<Value, Extent> extents = new HashMap<>();

  LowConstants(LowType low) {
    this.low = low;
  }

  /**
   * What the finite elements of a constant reach.
   *
   * @param largest the element of the largest magnitude that is not a mask, 0 if there is none
   * @param mask the lowest element that is a mask, 0 if there is none
   * @param only the element if there is one only, else 0
   */
  private record Extent(double largest, double mask, double only) {
    static Extent of(Tensor tensor) {
      double largest = 0;
      double mask = 0;
      for (long i = 0; i < tensor.count(); i++) {
        double number = tensor.getDouble(i);
        if (Double.isFinite(number) && number <= MASK) {
          mask = Math.min(mask, number);
        } else if (Double.isFinite(number) && Math.abs(number) > Math.abs(largest)) {
          largest = number;
        }
      }
      return new Extent(largest, mask, tensor.count() == 1 ? tensor.getDouble(0) : 0);
    }
  }

  /** What a constant holds, without masks and what is not finite. */
  static Interval interval(Tensor tensor) {
    double min = Double.POSITIVE_INFINITY;
    double max = Double.NEGATIVE_INFINITY;
    boolean masked = false;
    for (long i = 0; i < tensor.count(); i++) {
      double number = tensor.getDouble(i);
      boolean mask = number <= MASK;
      masked |= mask;
      if (!mask && Double.isFinite(number)) {
        min = Math.min(min, number);
        max = Math.max(max, number);
      }
    }
    return min <= max
        ? new Interval(min, max, Interval.Basis.PROVEN, masked)
        : new Interval(0, 0, Interval.Basis.PROVEN, masked);
  }

  private List<Extent> extents(Op op) {
    return PrecisionPreference.computed(op).stream()
        .filter(operand -> operand.elementType() == ElementType.FLOAT32)
        .filter(operand -> operand.constant().isPresent())
        .map(o -> extents.computeIfAbsent(o, v -> Extent.of(v.constant().orElseThrow())))
        .toList();
  }

  /** Why an operation must not read one of its constants in the low type. */
  Optional<String> obstacle(Op op) {
    return extents(op).stream().flatMap(extent -> obstacle(extent, masks(op)).stream()).findFirst();
  }

  private Optional<String> obstacle(Extent extent, boolean mask) {
    double number = !mask && extent.mask() < -low.max() ? extent.mask() : extent.largest();
    if (Math.abs(number) > low.max()) {
      return Optional.of("the constant %s exceeds %s".formatted((float) number, low.type().text()));
    }
    return extent.only() != 0 && Math.abs(extent.only()) < low.minNormal()
        ? Optional.of(
            "the constant %s is too fine for %s"
                .formatted((float) extent.only(), low.type().text()))
        : Optional.empty();
  }

  /** Whether an operation is of the kind that masks are made with. */
  private static boolean masks(Op op) {
    return switch (op) {
      case Elementwise.Select _ -> true;
      case Elementwise.Binary binary ->
          switch (binary.kind()) {
            case ADD, SUB, MUL, MIN, MAX -> true;
            default -> false;
          };
      default -> false;
    };
  }

  /** What the reason of a decision must mention, because a constant changes. */
  Optional<String> note(Op op) {
    return extents(op).stream()
        .filter(extent -> extent.mask() < -low.max())
        .map(e -> "mask constant %s becomes %s".formatted((float) e.mask(), (float) low.mask()))
        .findFirst();
  }

  /** The constant in the low type. */
  Tensor converted(Tensor tensor) {
    return Tensor.ofDoubles(
        low.type(),
        tensor.sizes(),
        i -> {
          double number = tensor.getDouble(i);
          boolean mask = number < -low.max() && Double.isFinite(number);
          return mask ? low.mask() : number;
        });
  }
}
