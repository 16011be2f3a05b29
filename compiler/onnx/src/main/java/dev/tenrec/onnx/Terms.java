package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/** Short names for the operations that long compositions are written in. */
final class Terms {
  private Terms() {}

  static Value binary(BinaryKind kind, Value a, Value b) {
    return new Binary(kind, a, b).value();
  }

  static Value add(Value a, Value b) {
    return binary(BinaryKind.ADD, a, b);
  }

  static Value subtract(Value a, Value b) {
    return binary(BinaryKind.SUB, a, b);
  }

  static Value multiply(Value a, Value b) {
    return binary(BinaryKind.MUL, a, b);
  }

  static Value divide(Value a, Value b) {
    return binary(BinaryKind.DIV, a, b);
  }

  static Value max(Value a, Value b) {
    return binary(BinaryKind.MAX, a, b);
  }

  static Value min(Value a, Value b) {
    return binary(BinaryKind.MIN, a, b);
  }

  static Value less(Value a, Value b) {
    return binary(BinaryKind.LESS, a, b);
  }

  static Value equal(Value a, Value b) {
    return binary(BinaryKind.EQUAL, a, b);
  }

  static Value and(Value a, Value b) {
    return binary(BinaryKind.AND, a, b);
  }

  static Value scalar(ElementType type, double element) {
    return new Source.Constant(Tensor.scalar(type, element)).value();
  }

  /** A scalar of the same element type as a value. */
  static Value number(Value like, double element) {
    return scalar(like.elementType(), element);
  }

  static Value add(Value x, double summand) {
    return summand == 0 ? x : add(x, number(x, summand));
  }

  static Value multiply(Value x, double factor) {
    return factor == 1 ? x : multiply(x, number(x, factor));
  }

  static Value divide(Value x, double divisor) {
    return divisor == 1 ? x : divide(x, number(x, divisor));
  }

  static Value add(Value x, long summand) {
    return add(x, (double) summand);
  }

  static Value multiply(Value x, long factor) {
    return multiply(x, (double) factor);
  }

  static Value divide(Value x, long divisor) {
    return divide(x, (double) divisor);
  }

  static Value unary(UnaryKind kind, Value x) {
    return new Unary(kind, x).value();
  }

  static Value activation(ActivationKind kind, Value x) {
    return new Activation(kind, x).value();
  }

  static Value cast(Value x, ElementType type) {
    return x.elementType() == type ? x : new Cast(x, type).value();
  }

  static Value select(Value condition, Value a, Value b) {
    return new Select(condition, a, b).value();
  }

  static Value matMul(Value a, Value b) {
    return new MatMul(a, b).value();
  }

  static Value reduce(ReduceKind kind, Value x, boolean keepDims, Integer... axes) {
    return new Reduce(kind, x, ImmutableList.copyOf(axes), keepDims).value();
  }

  static Value reshape(Value x, Value shape) {
    return new Reshape(x, shape, false).value();
  }

  /** As in {@link Reshape}, where 0 copies a size and -1 stands for what is left. */
  static Value reshape(Value x, long... shape) {
    return new Reshape(x, vector(shape), true).value();
  }

  static Value transpose(Value x, List<Integer> axes) {
    boolean moves = !axes.equals(IntStream.range(0, axes.size()).boxed().toList());
    return moves ? new Transpose(x, ImmutableList.copyOf(axes)).value() : x;
  }

  static Value transpose(Value x, Integer... axes) {
    return transpose(x, List.of(axes));
  }

  static Value unsqueeze(Value x, Integer... axes) {
    return axes.length == 0 ? x : new Unsqueeze(x, ImmutableList.copyOf(axes)).value();
  }

  static Value squeeze(Value x, Integer... axes) {
    return axes.length == 0 ? x : new Squeeze(x, ImmutableList.copyOf(axes)).value();
  }

  static Value expand(Value x, Value shape) {
    return new Expand(x, shape).value();
  }

  static Value concat(int axis, Value... values) {
    return concat(axis, List.of(values));
  }

  static Value concat(int axis, List<Value> values) {
    return values.size() == 1
        ? values.getFirst()
        : new Concat(ImmutableList.copyOf(values), axis).value();
  }

  static Value slice(Value x, int axis, long from, long to) {
    return slice(x, axis, vector(from), vector(to), 1);
  }

  static Value slice(Value x, int axis, Value from, Value to, long step) {
    return new Slice(x, from, to, ImmutableList.of(axis), ImmutableLongArray.of(step)).value();
  }

  /** One element along an axis, which goes away. */
  static Value element(Value x, int axis, long i) {
    return gather(x, scalar(ElementType.INT64, (double) i), axis);
  }

  static Value gather(Value x, Value indices, int axis) {
    return new Gather(x, indices, axis).value();
  }

  static Value vector(long... elements) {
    return new Source.Constant(Tensor.ofLongs(elements)).value();
  }

  static Value shapeOf(Value x) {
    return new Source.ShapeOf(x).value();
  }

  /** The vector along one axis of a tensor with the given rank. */
  static Value along(Value vector, int axis, int rank) {
    return unsqueeze(
        vector, IntStream.range(0, rank).filter(i -> i != axis).boxed().toArray(Integer[]::new));
  }
}
