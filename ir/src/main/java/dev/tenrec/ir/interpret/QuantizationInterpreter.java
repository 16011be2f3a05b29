package dev.tenrec.ir.interpret;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Quantization;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.function.IntToLongFunction;

final class QuantizationInterpreter {
  private QuantizationInterpreter() {}

  static Tensor evaluate(Quantization op, List<Tensor> in) {
    IntToLongFunction scales = scales(op.granularity(), in.get(0), in.get(1).sizes());
    return switch (op) {
      case Quantization.Quantize(_, _, var to, _) -> quantize(in.get(0), in.get(1), scales, to);
      case Quantization.Dequantize(_, _, var to, _) -> dequantize(in.get(0), in.get(1), scales, to);
    };
  }

  private static Tensor quantize(Tensor x, Tensor scale, IntToLongFunction scales, ElementType to) {
    ElementType precision = precision(scale);
    Tensor numbers = Casting.cast(x, precision);
    Tensor quotients =
        Tensor.ofDoubles(
            precision,
            x.sizes(),
            i -> numbers.getDouble(i) / scale.getDouble(scales.applyAsLong(i)));
    return to.isFloating()
        ? Tensor.ofDoubles(to, x.sizes(), quotients::getDouble)
        : Tensor.ofLongs(
            to, x.sizes(), i -> Casting.limited(Math.rint(quotients.getDouble(i)), to));
  }

  private static Tensor dequantize(
      Tensor x, Tensor scale, IntToLongFunction scales, ElementType to) {
    ElementType precision = precision(scale);
    Tensor numbers = Casting.cast(x, precision);
    Tensor products =
        Tensor.ofDoubles(
            precision,
            x.sizes(),
            i -> numbers.getDouble(i) * scale.getDouble(scales.applyAsLong(i)));
    return Casting.cast(products, to);
  }

  private static ElementType precision(Tensor scale) {
    return scale.elementType() == ElementType.FLOAT64 ? ElementType.FLOAT64 : ElementType.FLOAT32;
  }

  /** For each element of x the position of its scale. */
  private static IntToLongFunction scales(
      Granularity granularity, Tensor x, ImmutableLongArray scale) {
    return switch (granularity) {
      case Granularity.PerTensor() -> _ -> 0;
      case Granularity.PerAxis(int axis) -> {
        Axis rows = Axis.of(x.sizes(), axis);
        Checks.check(scale.get(0) == rows.size(), "%s scales along axis %d of %s", scale, axis, x);
        yield rows::indexOf;
      }
      case Granularity.Blocked(int axis, long size) -> blocks(x, scale, axis, size);
    };
  }

  private static IntToLongFunction blocks(
      Tensor x, ImmutableLongArray scale, int blocked, long size) {
    for (int axis = 0; axis < x.rank(); axis++) {
      long expected = axis == blocked ? Math.ceilDiv(x.size(axis), size) : x.size(axis);
      Checks.check(
          scale.get(axis) == expected,
          "%s scales for blocks of %d along axis %d of %s",
          scale,
          size,
          blocked,
          x);
    }
    long[] strides = Positions.strides(scale);
    long[] positions =
        Positions.of(x.sizes(), axis -> i -> (axis == blocked ? i / size : i) * strides[axis]);
    return i -> positions[i];
  }
}
