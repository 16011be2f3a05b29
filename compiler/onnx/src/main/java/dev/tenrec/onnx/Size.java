package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A size that the importer computes, in two forms: as an expression, and as int64 [1] out of shapes
 * for where the graph's inputs do not tell it.
 */
record Size(Dim dim, Supplier<Value> value) {
  static final Size ONE = of(1);

  /** The rest of a shape. */
  static final Size REST = of(-1);

  static Size of(long number) {
    return new Size(Dim.of(number), () -> constant(number));
  }

  static Size of(Value x, int axis) {
    return new Size(
        x.dim(axis), () -> new Gather(new Source.ShapeOf(x).value(), constant(axis), 0).value());
  }

  Size times(Size other) {
    return new Size(
        dim.times(other.dim),
        () -> new Binary(BinaryKind.MUL, value.get(), other.value.get()).value());
  }

  Size times(long factor) {
    return times(of(factor));
  }

  Size plus(Size other) {
    return new Size(
        dim.plus(other.dim),
        () -> new Binary(BinaryKind.ADD, value.get(), other.value.get()).value());
  }

  Size plus(long summand) {
    return plus(of(summand));
  }

  /** The quotient rounded down. */
  Size dividedBy(long divisor) {
    return new Size(
        dim.dividedBy(Dim.of(divisor)),
        () -> new Binary(BinaryKind.FLOOR_DIV, value.get(), constant(divisor)).value());
  }

  static Size product(List<Size> factors) {
    return factors.stream().reduce(ONE, Size::times);
  }

  /**
   * int64 [number of sizes].
   *
   * @param bound tells which expressions the graph's inputs determine
   */
  static Value vector(List<Size> sizes, Predicate<Dim> bound) {
    if (sizes.stream().allMatch(size -> size.dim.value().isPresent())) {
      long[] numbers = sizes.stream().mapToLong(size -> size.dim.value().orElseThrow()).toArray();
      return new Source.Constant(Tensor.ofLongs(numbers)).value();
    }
    if (sizes.stream().allMatch(size -> bound.test(size.dim))) {
      ImmutableList<Dim> dims =
          sizes.stream().map(Size::dim).collect(ImmutableList.toImmutableList());
      return new Source.Sizes(dims, false).value();
    }
    ImmutableList<Value> entries =
        sizes.stream().map(size -> size.simplest(bound)).collect(ImmutableList.toImmutableList());
    return new Concat(entries, 0).value();
  }

  private Value simplest(Predicate<Dim> bound) {
    return bound.test(dim) ? vector(List.of(this), bound) : value.get();
  }

  private static Value constant(long number) {
    return new Source.Constant(Tensor.ofLongs(number)).value();
  }
}
