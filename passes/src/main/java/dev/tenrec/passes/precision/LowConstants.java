package dev.tenrec.passes.precision;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;
import java.util.stream.DoubleStream;

/**
 * Constants in a type of fewer bits.
 *
 * <p>Large negative numbers stand for "not this one" in masks; they become the type's lowest finite
 * number, which does the same. Other numbers that the type cannot hold keep the operation that
 * reads them in float32.
 *
 * @param low float16 or bfloat16
 */
record LowConstants(ElementType low) {
  /** No weight is below this, and every mask that exporters write is. */
  private static final double MASK = -1e9;

  private static final double FLOAT16_MAX = 65504;
  private static final double FLOAT16_MIN_NORMAL = 0x1p-14;
  private static final double BFLOAT16_MAX = 0x1.FEp127;
  private static final double BFLOAT16_MIN_NORMAL = 0x1p-126;

  private double max() {
    return low == ElementType.FLOAT16 ? FLOAT16_MAX : BFLOAT16_MAX;
  }

  private double minNormal() {
    return low == ElementType.FLOAT16 ? FLOAT16_MIN_NORMAL : BFLOAT16_MIN_NORMAL;
  }

  /** Why an operation must not read one of its constants in the low type. */
  Optional<String> obstacle(Op op) {
    for (Value operand : op.operands()) {
      if (operand.elementType() == ElementType.FLOAT32 && operand.constant().isPresent()) {
        Optional<String> obstacle = obstacle(operand.constant().get(), masks(op));
        if (obstacle.isPresent()) {
          return obstacle;
        }
      }
    }
    return Optional.empty();
  }

  private Optional<String> obstacle(Tensor tensor, boolean mask) {
    for (long i = 0; i < tensor.count(); i++) {
      double number = tensor.getDouble(i);
      boolean large = Double.isFinite(number) && Math.abs(number) > max();
      if (large && !(mask && number <= MASK)) {
        return Optional.of("the constant %s exceeds %s".formatted((float) number, low.text()));
      }
    }
    double only = tensor.count() == 1 ? tensor.getDouble(0) : 0;
    return only != 0 && Math.abs(only) < minNormal()
        ? Optional.of("the constant %s is too fine for %s".formatted((float) only, low.text()))
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
    return op.operands().stream()
        .filter(operand -> operand.elementType() == ElementType.FLOAT32)
        .flatMap(operand -> operand.constant().stream())
        .flatMapToDouble(
            tensor -> tensor.count() == 0 ? DoubleStream.empty() : DoubleStream.of(lowest(tensor)))
        .filter(number -> Double.isFinite(number) && number < -max())
        .mapToObj(number -> "mask constant %s becomes %s".formatted((float) number, (float) -max()))
        .findFirst();
  }

  private static double lowest(Tensor tensor) {
    double lowest = Double.POSITIVE_INFINITY;
    for (long i = 0; i < tensor.count(); i++) {
      double number = tensor.getDouble(i);
      lowest = Double.isFinite(number) ? Math.min(lowest, number) : lowest;
    }
    return lowest;
  }

  /** The constant in the low type. */
  Tensor converted(Tensor tensor) {
    ImmutableLongArray sizes = tensor.sizes();
    return Tensor.ofDoubles(
        low,
        sizes,
        i -> {
          double number = tensor.getDouble(i);
          return Double.isFinite(number) ? Math.clamp(number, -max(), max()) : number;
        });
  }
}
