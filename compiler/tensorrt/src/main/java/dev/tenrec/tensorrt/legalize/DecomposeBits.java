package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.Constants;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;
import java.util.function.LongUnaryOperator;

/**
 * Operations on bits as arithmetic, because TensorRT has none.
 *
 * <pre>
 * bit_not(x)         → -1 - x, and the largest number - x of unsigned types
 * a & b, a | b, a ^ b → sum over bits (2^i min, max, different(bit i of a, bit i of b))
 * a << n             → (a mod 2^(width - n)) 2^n
 * a >> n             → floor(a / 2^n)
 * </pre>
 *
 * <p>Bit i is {@code floor(x / 2^i) mod 2}, which is right of negative numbers too; the sign of
 * signed types is a bit of its own. Shifts only of types of less than 64 bits, and to the left only
 * of unsigned ones.
 */
public record DecomposeBits() implements Rule {
  @Override
  public String name() {
    return "decompose-bits";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return switch (op) {
      case Unary(UnaryKind kind, Value x)
          when kind == UnaryKind.BIT_NOT && isHeld(x.elementType()) ->
          Optional.of(flipped(x));
      case Binary(BinaryKind kind, Value a, Value b)
          when kind.isBitwise() && isHeld(a.elementType()) ->
          switch (kind) {
            case SHIFT_LEFT -> shiftedLeft(a, b);
            case SHIFT_RIGHT -> shiftedRight(a, b);
            default -> Optional.of(combined(kind, a, b));
          };
      default -> Optional.empty();
    };
  }

  /** Whether int32 or int64 hold all numbers of a type. */
  private static boolean isHeld(ElementType type) {
    return type.isInteger() && type != ElementType.UINT64;
  }

  private static boolean isSigned(ElementType type) {
    return type.kind() == ElementType.Kind.SIGNED;
  }

  private static ElementType wide(ElementType type) {
    return type.bits() < 32 || type == ElementType.INT32 ? ElementType.INT32 : ElementType.INT64;
  }

  private static Value cast(Value x, ElementType to) {
    return x.elementType() == to ? x : new Cast(x, to).value();
  }

  private static Value numbers(ElementType type, int count, LongUnaryOperator element) {
    return Constants.of(
        Tensor.ofLongs(type, ImmutableLongArray.of(count), i -> element.applyAsLong(i)));
  }

  private static Value number(ElementType type, long number) {
    return Constants.of(Tensor.ofLongs(type, ImmutableLongArray.of(), _ -> number));
  }

  private static Value flipped(Value x) {
    ElementType type = x.elementType();
    ElementType wide = wide(type);
    long all = isSigned(type) ? -1 : (1L << type.bits()) - 1;
    return cast(Places.binary(BinaryKind.SUB, number(wide, all), cast(x, wide)), type);
  }

  private static Value combined(BinaryKind kind, Value a, Value b) {
    ElementType type = a.elementType();
    ElementType wide = wide(type);
    int count = isSigned(type) ? type.bits() - 1 : type.bits();
    Value weights = numbers(wide, count, i -> 1L << i);
    Value first = cast(a, wide);
    Value second = cast(b, wide);
    Value bits = of(kind, bits(first, weights), bits(second, weights));
    Value weighted = Places.binary(BinaryKind.MUL, bits, weights);
    ImmutableList<Integer> last = ImmutableList.of(weighted.rank() - 1);
    Value sum = new Reduce(ReduceKind.SUM, weighted, last, false).value();
    if (isSigned(type)) {
      Value negative = of(kind, negative(first), negative(second));
      Value sign = Places.binary(BinaryKind.MUL, negative, number(wide, -1L << count));
      sum = Places.binary(BinaryKind.ADD, sum, sign);
    }
    return cast(sum, type);
  }

  private static Value bits(Value x, Value weights) {
    Value column = new Unsqueeze(x, ImmutableList.of(x.rank())).value();
    Value shifted = Places.binary(BinaryKind.FLOOR_DIV, column, weights);
    return Places.binary(BinaryKind.MOD, shifted, number(x.elementType(), 2));
  }

  private static Value negative(Value x) {
    Value zero = number(x.elementType(), 0);
    return cast(Places.binary(BinaryKind.LESS, x, zero), x.elementType());
  }

  /** An operation on numbers that are 0 or 1. */
  private static Value of(BinaryKind kind, Value a, Value b) {
    return switch (kind) {
      case BIT_AND -> Places.binary(BinaryKind.MIN, a, b);
      case BIT_OR -> Places.binary(BinaryKind.MAX, a, b);
      default -> new Unary(UnaryKind.ABS, Places.binary(BinaryKind.SUB, a, b)).value();
    };
  }

  private static Optional<Value> shiftedLeft(Value x, Value by) {
    ElementType type = x.elementType();
    if (isSigned(type)) {
      return Optional.empty();
    }
    ElementType wide = wide(type);
    int width = type.bits();
    Value distance = distance(by, width);
    Value factor = new Gather(numbers(wide, width + 1, i -> 1L << i), distance, 0).value();
    Value kept = new Gather(numbers(wide, width + 1, i -> 1L << (width - i)), distance, 0).value();
    Value low = Places.binary(BinaryKind.MOD, cast(x, wide), kept);
    return Optional.of(cast(Places.binary(BinaryKind.MUL, low, factor), type));
  }

  private static Optional<Value> shiftedRight(Value x, Value by) {
    ElementType type = x.elementType();
    if (type.bits() >= 64) {
      return Optional.empty();
    }
    Value factors = numbers(ElementType.INT64, type.bits() + 1, i -> 1L << i);
    Value factor = new Gather(factors, distance(by, type.bits()), 0).value();
    Value wide = cast(x, ElementType.INT64);
    return Optional.of(cast(Places.binary(BinaryKind.FLOOR_DIV, wide, factor), type));
  }

  /** From 0 to the width; beyond it nothing is left, and so it is with negative distances. */
  private static Value distance(Value by, int width) {
    Value wide = cast(by, ElementType.INT64);
    Value inside = Places.inside(wide, Places.number(0), Places.number(width));
    return new Select(inside, wide, Places.number(width)).value();
  }
}
