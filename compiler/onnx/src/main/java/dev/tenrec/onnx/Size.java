package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.add;
import static dev.tenrec.ir.Terms.binary;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.mul;
import static dev.tenrec.ir.Terms.shapeOf;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
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
    return new Size(Dim.of(number), () -> Terms.vector(number));
  }

  static Size of(Value x, int axis) {
    return new Size(x.dim(axis), () -> gather(shapeOf(x), Terms.vector(axis), 0));
  }

  Size times(Size other) {
    return new Size(dim.times(other.dim), () -> mul(value.get(), other.value.get()));
  }

  Size times(long factor) {
    return times(of(factor));
  }

  Size plus(Size other) {
    return new Size(dim.plus(other.dim), () -> add(value.get(), other.value.get()));
  }

  Size plus(long summand) {
    return plus(of(summand));
  }

  /** The quotient rounded down. */
  Size dividedBy(long divisor) {
    return new Size(
        dim.dividedBy(Dim.of(divisor)),
        () -> binary(BinaryKind.FLOOR_DIV, value.get(), Terms.vector(divisor)));
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
      return Terms.vector(numbers);
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
}
