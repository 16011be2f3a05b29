package dev.tenrec.ir;

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
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.IntStream;

/**
 * New values over others, in short words, so that a composition reads as its formula. What would
 * change nothing adds no operation: a sum with the number 0, a cast to the type that a value has.
 */
public final class Terms {
  private Terms() {}

  public static Value binary(BinaryKind kind, Value a, Value b) {
    return new Binary(kind, a, b).value();
  }

  public static Value add(Value a, Value b) {
    return binary(BinaryKind.ADD, a, b);
  }

  public static Value sub(Value a, Value b) {
    return binary(BinaryKind.SUB, a, b);
  }

  public static Value mul(Value a, Value b) {
    return binary(BinaryKind.MUL, a, b);
  }

  public static Value div(Value a, Value b) {
    return binary(BinaryKind.DIV, a, b);
  }

  public static Value max(Value a, Value b) {
    return binary(BinaryKind.MAX, a, b);
  }

  public static Value min(Value a, Value b) {
    return binary(BinaryKind.MIN, a, b);
  }

  public static Value less(Value a, Value b) {
    return binary(BinaryKind.LESS, a, b);
  }

  public static Value equal(Value a, Value b) {
    return binary(BinaryKind.EQUAL, a, b);
  }

  public static Value and(Value a, Value b) {
    return binary(BinaryKind.AND, a, b);
  }

  public static Value or(Value a, Value b) {
    return binary(BinaryKind.OR, a, b);
  }

  public static Value not(Value x) {
    return unary(UnaryKind.NOT, x);
  }

  public static Value constant(Tensor tensor) {
    return new Source.Constant(tensor).value();
  }

  public static Value scalar(ElementType type, double element) {
    return constant(Tensor.scalar(type, element));
  }

  /** A scalar of type int64. */
  public static Value index(long number) {
    return constant(Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(), _ -> number));
  }

  /** A scalar of the same element type as a value. */
  public static Value number(Value like, double element) {
    return scalar(like.elementType(), element);
  }

  public static Value number(Value like, long element) {
    return constant(Tensor.ofLongs(like.elementType(), ImmutableLongArray.of(), _ -> element));
  }

  public static Value add(Value x, double summand) {
    return summand == 0 ? x : add(x, number(x, summand));
  }

  public static Value mul(Value x, double factor) {
    return factor == 1 ? x : mul(x, number(x, factor));
  }

  public static Value div(Value x, double divisor) {
    return divisor == 1 ? x : div(x, number(x, divisor));
  }

  public static Value add(Value x, long summand) {
    return add(x, (double) summand);
  }

  public static Value mul(Value x, long factor) {
    return mul(x, (double) factor);
  }

  public static Value div(Value x, long divisor) {
    return div(x, (double) divisor);
  }

  public static Value unary(UnaryKind kind, Value x) {
    return new Unary(kind, x).value();
  }

  public static Value activation(ActivationKind kind, Value x) {
    return new Activation(kind, x).value();
  }

  public static Value cast(Value x, ElementType type) {
    return x.elementType() == type ? x : new Cast(x, type).value();
  }

  public static Value select(Value condition, Value a, Value b) {
    return new Select(condition, a, b).value();
  }

  public static Value matMul(Value a, Value b) {
    return new MatMul(a, b).value();
  }

  public static Value reduce(ReduceKind kind, Value x, boolean keepDims, Integer... axes) {
    return new Reduce(kind, x, ImmutableList.copyOf(axes), keepDims).value();
  }

  public static Value reshape(Value x, Value shape) {
    return new Reshape(x, shape, false).value();
  }

  /** To sizes of which one may be -1, which stands for what is left; none for a scalar. */
  public static Value reshape(Value x, long... sizes) {
    return reshape(x, vector(sizes));
  }

  /** To sizes of which one may be -1, and where 0 keeps the size of x at that axis. */
  public static Value reshapeKeeping(Value x, long... sizes) {
    return new Reshape(x, vector(sizes), true).value();
  }

  public static Value transpose(Value x, List<Integer> axes) {
    boolean moves = !axes.equals(IntStream.range(0, x.rank()).boxed().toList());
    return moves ? new Transpose(x, ImmutableList.copyOf(axes)).value() : x;
  }

  public static Value transpose(Value x, Integer... axes) {
    return transpose(x, List.of(axes));
  }

  public static Value unsqueeze(Value x, Integer... axes) {
    return axes.length == 0 ? x : new Unsqueeze(x, ImmutableList.copyOf(axes)).value();
  }

  public static Value squeeze(Value x, Integer... axes) {
    return axes.length == 0 ? x : new Squeeze(x, ImmutableList.copyOf(axes)).value();
  }

  public static Value expand(Value x, Value shape) {
    return new Expand(x, shape).value();
  }

  public static Value expand(Value x, long... sizes) {
    return expand(x, vector(sizes));
  }

  public static Value concat(int axis, Value... values) {
    return concat(axis, List.of(values));
  }

  public static Value concat(int axis, List<Value> values) {
    return values.size() == 1
        ? values.getFirst()
        : new Concat(ImmutableList.copyOf(values), axis).value();
  }

  public static Value slice(Value x, int axis, long from, long to) {
    return slice(x, axis, vector(from), vector(to), 1);
  }

  public static Value slice(Value x, int axis, Value from, Value to, long step) {
    return new Slice(x, from, to, ImmutableList.of(axis), ImmutableLongArray.of(step)).value();
  }

  /** One element along an axis, which goes away. */
  public static Value element(Value x, int axis, long i) {
    return gather(x, index(i), axis);
  }

  public static Value gather(Value x, Value indices, int axis) {
    return new Gather(x, indices, axis).value();
  }

  /** A vector of type int64. */
  public static Value vector(long... elements) {
    return constant(Tensor.ofLongs(elements));
  }

  public static Value shapeOf(Value x) {
    return new Source.ShapeOf(x).value();
  }

  /** The size of x along an axis, as a scalar of type int64. */
  public static Value size(Value x, int axis) {
    OptionalLong size = x.dim(axis).value();
    return size.isPresent() ? index(size.getAsLong()) : element(shapeOf(x), 0, axis);
  }

  /** 0, 1, ... before a scalar of type int64. */
  public static Value range(Value limit) {
    return new Source.Range(index(0), limit, index(1)).value();
  }

  /** The vector along one axis of a tensor with the given rank. */
  public static Value along(Value vector, int axis, int rank) {
    return unsqueeze(
        vector, IntStream.range(0, rank).filter(i -> i != axis).boxed().toArray(Integer[]::new));
  }
}
