package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;

/** Short names for the operations that meanings are composed of. */
final class Terms {
  private Terms() {}

  static Value constant(Tensor tensor) {
    return new Source.Constant(tensor).value();
  }

  static Value scalar(ElementType type, double number) {
    return constant(Tensor.scalar(type, number));
  }

  static Value index(long number) {
    return constant(Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(), _ -> number));
  }

  static Value unary(UnaryKind kind, Value x) {
    return new Elementwise.Unary(kind, x).value();
  }

  static Value binary(BinaryKind kind, Value a, Value b) {
    return new Elementwise.Binary(kind, a, b).value();
  }

  static Value plus(Value a, Value b) {
    return binary(BinaryKind.ADD, a, b);
  }

  static Value minus(Value a, Value b) {
    return binary(BinaryKind.SUB, a, b);
  }

  static Value times(Value a, Value b) {
    return binary(BinaryKind.MUL, a, b);
  }

  static Value cast(Value x, ElementType to) {
    return x.elementType() == to ? x : new Elementwise.Cast(x, to).value();
  }

  static Value mean(Value x, List<Integer> axes) {
    ImmutableList<Integer> sorted = axes.stream().sorted().collect(ImmutableList.toImmutableList());
    return new Reduction.Reduce(Reduction.ReduceKind.MEAN, x, sorted, true).value();
  }

  /** An element of a vector, as a scalar of type int64. */
  static Value element(Value vector, int i) {
    return cast(new Indexing.Gather(vector, index(i), 0).value(), ElementType.INT64);
  }

  /** The size of x along an axis, as a scalar of type int64. */
  static Value size(Value x, int axis) {
    return x.dim(axis).value().isPresent()
        ? index(x.dim(axis).value().getAsLong())
        : element(new Source.ShapeOf(x).value(), axis);
  }

  /** 0, 1, ... before a scalar of type int64. */
  static Value positions(Value count) {
    return new Source.Range(index(0), count, index(1)).value();
  }

  static Value reshape(Value x, long... sizes) {
    return new Shuffle.Reshape(x, constant(Tensor.ofLongs(sizes)), false).value();
  }
}
