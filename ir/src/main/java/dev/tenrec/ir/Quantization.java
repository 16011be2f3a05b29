package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;

/**
 * Numbers as multiples of a scale, in few bits. Symmetric: 0 stands for 0, there are no zero
 * points.
 */
public sealed interface Quantization extends Op {

  /** Which elements share a scale. */
  sealed interface Granularity {
    /** One scale, a scalar. */
    record PerTensor() implements Granularity {}

    /** One scale for each position along an axis, a vector. */
    record PerAxis(int axis) implements Granularity {}

    /**
     * One scale for each run of elements along an axis. The scales have x's sizes, but along the
     * axis one for each block; the last block may be shorter.
     *
     * @param size of a block, positive
     */
    record Blocked(int axis, long size) implements Granularity {}
  }

  Value x();

  Value scale();

  ElementType to();

  Granularity granularity();

  @Override
  Quantization withOperands(ImmutableList<Value> operands);

  @Override
  default ImmutableList<Value> operands() {
    return ImmutableList.of(x(), scale());
  }

  /**
   * x / scale, in float32 at least, then the nearest number that {@code to} has; integers are
   * rounded to even in the middle, and the largest number stands for all beyond it.
   *
   * @param x floating-point
   * @param scale floating-point, positive
   * @param to an integer type of at most 16 bits, or a floating-point type of at most 8
   */
  record Quantize(Value x, Value scale, ElementType to, Granularity granularity)
      implements Quantization {
    @Override
    public Quantize withOperands(ImmutableList<Value> operands) {
      return new Quantize(operands.get(0), operands.get(1), to, granularity);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.floating(x);
      Typing.check(isQuantized(to), "%s is not a type to quantize to", to.text());
      checkScale(x, scale, granularity);
      return ImmutableList.of(x.type().with(to));
    }
  }

  /**
   * x times scale, in float32 at least, rounded to {@code to}.
   *
   * @param x of a type that {@link Quantize} gives, or int32
   * @param scale floating-point
   * @param to a floating-point type of at least 16 bits
   */
  record Dequantize(Value x, Value scale, ElementType to, Granularity granularity)
      implements Quantization {
    @Override
    public Dequantize withOperands(ImmutableList<Value> operands) {
      return new Dequantize(operands.get(0), operands.get(1), to, granularity);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      boolean quantized = isQuantized(x.elementType()) || x.elementType() == ElementType.INT32;
      Typing.check(quantized, "%s is not quantized", x.type());
      Typing.check(isScale(to), "%s is not a type to dequantize to", to.text());
      checkScale(x, scale, granularity);
      return ImmutableList.of(x.type().with(to));
    }
  }

  private static boolean isQuantized(ElementType type) {
    return type.isFloating()
        ? type.bits() <= 8 && type != ElementType.FLOAT8E8M0
        : type.isInteger() && type.bits() <= 16;
  }

  private static boolean isScale(ElementType type) {
    return type.isFloating() && type.bits() >= 16;
  }

  private static void checkScale(Value x, Value scale, Granularity granularity) {
    Typing.check(isScale(scale.elementType()), "%s is not a scale", scale.type());
    switch (granularity) {
      case Granularity.PerTensor() -> Typing.rank(scale, 0);
      case Granularity.PerAxis(int axis) -> {
        Typing.axis(axis, x.rank());
        Typing.rank(scale, 1);
        Typing.check(
            Typing.agree(scale.dim(0), x.dim(axis)),
            "%s is not one scale for each position along axis %d of %s",
            scale.type(),
            axis,
            x.type());
      }
      case Granularity.Blocked(int axis, long size) -> checkBlocks(x, scale, axis, size);
    }
  }

  private static void checkBlocks(Value x, Value scale, int axis, long size) {
    Typing.axis(axis, x.rank());
    Typing.rank(scale, x.rank());
    Typing.check(size > 0, "a block of %d elements", size);
    for (int i = 0; i < x.rank(); i++) {
      Dim scales = i == axis ? x.dim(i).dividedUpBy(size) : x.dim(i);
      Typing.check(
          Typing.agree(scale.dim(i), scales),
          "%s is not one scale for each block of %d along axis %d of %s",
          scale.type(),
          size,
          axis,
          x.type());
    }
  }
}
