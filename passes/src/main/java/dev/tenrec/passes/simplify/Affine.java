package dev.tenrec.passes.simplify;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Source.Constant;
import dev.tenrec.ir.Source.Range;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;
import java.util.stream.IntStream;

/**
 * An integer tensor whose element at the position i is {@code offset + steps[0] i[0] + steps[1]
 * i[1] + ...}: what exporters compute indices and masks from.
 *
 * @param steps one per axis, 0 for axes of size 1
 */
record Affine(Dim offset, ImmutableList<Dim> steps) {
  private static final int MAX_DEPTH = 16;

  /** Larger constants are data, not positions. */
  private static final long MAX_ELEMENTS = 1 << 16;

  /** What a value is in this form, as far as its operations tell. */
  static Optional<Affine> of(Value value) {
    try {
      return of(value, 0);
    } catch (ArithmeticException _) {
      return Optional.empty();
    }
  }

  private static Optional<Affine> of(Value value, int depth) {
    if (!value.elementType().isInteger() || value.producer().isEmpty() || depth > MAX_DEPTH) {
      return Optional.empty();
    }
    Optional<Dim> only = value.content().filter(c -> c.size() == 1).map(ImmutableList::getFirst);
    if (only.isPresent()) {
      return Optional.of(constant(only.get(), value.rank()));
    }
    return switch (value.producer().map(Node::op).orElseThrow()) {
      case Constant(Tensor tensor) -> of(tensor);
      case Range range -> of(range);
      case Cast(Value x, _) -> of(x, depth + 1);
      case Reshape(Value x, _, _) -> moved(x, value, depth);
      case Unsqueeze(Value x, _) -> moved(x, value, depth);
      case Squeeze(Value x, _) -> moved(x, value, depth);
      case Expand(Value x, _) -> of(x, depth + 1).map(a -> a.padTo(value.rank()));
      case Binary op -> of(op, value.rank(), depth);
      default -> Optional.empty();
    };
  }

  private static Affine constant(Dim offset, int rank) {
    return new Affine(offset, ImmutableList.copyOf(Collections.nCopies(rank, Dim.of(0))));
  }

  private static Optional<Affine> of(Range range) {
    Optional<Dim> start = range.start().content().map(ImmutableList::getFirst);
    Optional<Dim> step = range.step().content().map(ImmutableList::getFirst);
    return start.flatMap(from -> step.map(by -> new Affine(from, ImmutableList.of(by))));
  }

  /** A tensor whose elements have equal distances along each axis. */
  private static Optional<Affine> of(Tensor tensor) {
    if (tensor.count() < 2 || tensor.count() > MAX_ELEMENTS) {
      return Optional.empty();
    }
    long[] steps = new long[tensor.rank()];
    long[] strides = new long[tensor.rank()];
    long stride = 1;
    for (int axis = tensor.rank() - 1; axis >= 0; axis--) {
      strides[axis] = stride;
      steps[axis] = tensor.size(axis) < 2 ? 0 : tensor.getLong(stride) - tensor.getLong(0);
      stride *= tensor.size(axis);
    }
    for (long i = 0; i < tensor.count(); i++) {
      long expected = tensor.getLong(0);
      for (int axis = 0; axis < steps.length; axis++) {
        expected += i / strides[axis] % tensor.size(axis) * steps[axis];
      }
      if (tensor.getLong(i) != expected) {
        return Optional.empty();
      }
    }
    return Optional.of(
        new Affine(
            Dim.of(tensor.getLong(0)),
            Arrays.stream(steps).mapToObj(Dim::of).collect(ImmutableList.toImmutableList())));
  }

  /** The same elements in a shape that differs by axes of size 1 only. */
  private static Optional<Affine> moved(Value x, Value result, int depth) {
    List<Integer> from = longAxes(x.shape());
    List<Integer> to = longAxes(result.shape());
    boolean same = from.stream().map(x::dim).toList().equals(to.stream().map(result::dim).toList());
    return same ? of(x, depth + 1).map(a -> a.moved(from, to, result.rank())) : Optional.empty();
  }

  private static List<Integer> longAxes(Shape shape) {
    return IntStream.range(0, shape.rank()).filter(i -> !shape.dim(i).is(1)).boxed().toList();
  }

  private Affine moved(List<Integer> from, List<Integer> to, int rank) {
    List<Dim> moved = new ArrayList<>(Collections.nCopies(rank, Dim.of(0)));
    for (int i = 0; i < from.size(); i++) {
      moved.set(to.get(i), steps.get(from.get(i)));
    }
    return new Affine(offset, ImmutableList.copyOf(moved));
  }

  private Affine padTo(int rank) {
    return new Affine(
        offset,
        ImmutableList.<Dim>builder()
            .addAll(Collections.nCopies(rank - steps.size(), Dim.of(0)))
            .addAll(steps)
            .build());
  }

  private static Optional<Affine> of(Binary op, int rank, int depth) {
    Optional<Affine> a = of(op.a(), depth + 1).map(x -> x.padTo(rank));
    Optional<Affine> b = of(op.b(), depth + 1).map(x -> x.padTo(rank));
    if (a.isEmpty() || b.isEmpty()) {
      return Optional.empty();
    }
    return switch (op.kind()) {
      case ADD -> Optional.of(a.get().with(b.get(), Dim::plus));
      case SUB -> Optional.of(a.get().minus(b.get()));
      case MUL ->
          b.get().isConstant()
              ? Optional.of(a.get().times(b.get().offset()))
              : Optional.of(b.get().times(a.get().offset())).filter(_ -> a.get().isConstant());
      default -> Optional.empty();
    };
  }

  private boolean isConstant() {
    return steps.stream().allMatch(step -> step.is(0));
  }

  private Affine with(Affine other, BinaryOperator<Dim> operator) {
    return new Affine(
        operator.apply(offset, other.offset),
        IntStream.range(0, steps.size())
            .mapToObj(i -> operator.apply(steps.get(i), other.steps.get(i)))
            .collect(ImmutableList.toImmutableList()));
  }

  private Affine times(Dim factor) {
    return new Affine(
        offset.times(factor),
        steps.stream().map(factor::times).collect(ImmutableList.toImmutableList()));
  }

  /** The difference of two tensors, of which the one of lower rank is broadcast. */
  Affine minus(Affine other) {
    int rank = Math.max(steps.size(), other.steps.size());
    return padTo(rank).with(other.padTo(rank), Dim::minus);
  }

  /** Whether the elements count from 0 in row-major order. */
  boolean enumerates(Shape shape) {
    Dim stride = Dim.of(1);
    boolean counts = offset.is(0);
    for (int axis = shape.rank() - 1; counts && axis >= 0; axis--) {
      counts = shape.dim(axis).is(1) || steps.get(axis).equals(stride);
      stride = stride.times(shape.dim(axis));
    }
    return counts;
  }

  /** A number that no element falls below, {@link Long#MIN_VALUE} if none is known. */
  long lowerBound(Shape shape) {
    Dim lowest = offset;
    for (int axis = 0; axis < steps.size(); axis++) {
      Dim step = steps.get(axis);
      if (step.lowerBound() < 0) {
        if (step.upperBound() > 0) {
          return Long.MIN_VALUE;
        }
        lowest = lowest.plus(step.times(shape.dim(axis).plus(-1)));
      }
    }
    return lowest.lowerBound();
  }

  /** The tensor of the negated elements. */
  Affine negated() {
    return times(Dim.of(-1));
  }
}
