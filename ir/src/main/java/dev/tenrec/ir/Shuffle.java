package dev.tenrec.ir;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.dim.Symbol;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Operations that move elements without computing, to places that depend on sizes only. */
public sealed interface Shuffle extends Op {

  /**
   * The same elements in row-major order with another shape.
   *
   * @param shape int64 [rank of the result]; one entry may be -1, which stands for what is left
   * @param copyZeros whether 0 in {@code shape} stands for the operand's size at the same axis
   */
  record Reshape(Value x, Value shape, boolean copyZeros) implements Shuffle {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, shape);
    }

    @Override
    public Reshape withOperands(ImmutableList<Value> operands) {
      return new Reshape(operands.get(0), operands.get(1), copyZeros);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      List<Dim> dims = new ArrayList<>(sizesFrom(shape));
      // A size that is copied cancels out of what is left, even if it is 0.
      List<Dim> left = new ArrayList<>(x.shape().dims());
      Dim others = Fixed.ONE;
      for (int axis = 0; axis < dims.size(); axis++) {
        if (copyZeros && dims.get(axis).is(0)) {
          Typing.check(axis < x.rank(), "size %d of %s does not exist", axis, x.type());
          dims.set(axis, x.dim(axis));
          left.set(axis, Fixed.ONE);
        } else if (!dims.get(axis).is(-1)) {
          others = others.times(dims.get(axis));
        }
      }
      int inferred = dims.indexOf(Dim.of(-1));
      if (inferred >= 0) {
        Dim count = new Shape(ImmutableList.copyOf(left)).elementCount();
        dims.set(inferred, others.is(0) ? Fixed.ZERO : count.dividedBy(others));
      }
      Typing.check(
          dims.stream().allMatch(dim -> dim.value().orElse(0) >= 0), "%s is not a shape", dims);
      Shape result = new Shape(ImmutableList.copyOf(dims));
      Dim before = x.shape().elementCount();
      Dim after = result.elementCount();
      boolean known = before.value().isPresent() && after.value().isPresent();
      Typing.check(!known || before.equals(after), "%s does not reshape to %s", x.type(), result);
      return ImmutableList.of(x.type().with(result));
    }
  }

  /** Removes axes of size 1, ascending and not negative. */
  record Squeeze(Value x, ImmutableList<Integer> axes) implements Shuffle {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Squeeze withOperands(ImmutableList<Value> operands) {
      return new Squeeze(operands.getFirst(), axes);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      axes.forEach(axis -> Typing.axis(axis, x.rank()));
      for (int axis = 0; axis < x.rank(); axis++) {
        if (axes.contains(axis)) {
          boolean one = x.dim(axis).value().orElse(1) == 1;
          Typing.check(one, "axis %d of %s is not 1", axis, x.type());
        } else {
          dims.add(x.dim(axis));
        }
      }
      return ImmutableList.of(x.type().with(new Shape(dims.build())));
    }
  }

  /** Inserts axes of size 1; positions in the result, ascending and not negative. */
  record Unsqueeze(Value x, ImmutableList<Integer> axes) implements Shuffle {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Unsqueeze withOperands(ImmutableList<Value> operands) {
      return new Unsqueeze(operands.getFirst(), axes);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      int rank = x.rank() + axes.size();
      Typing.check(ImmutableSet.copyOf(axes).size() == axes.size(), "axes %s repeat", axes);
      axes.forEach(axis -> Typing.axis(axis, rank));
      List<Dim> dims = new ArrayList<>(x.shape().dims());
      axes.stream().sorted().forEach(axis -> dims.add(axis, Fixed.ONE));
      return ImmutableList.of(x.type().with(new Shape(ImmutableList.copyOf(dims))));
    }
  }

  /** Axis i of the result is axis {@code permutation[i]} of x. */
  record Transpose(Value x, ImmutableList<Integer> permutation) implements Shuffle {
    /** Transposes x; where x is transposed itself, what is. */
    public static Transpose once(Value x, ImmutableList<Integer> permutation) {
      return x.producedBy(Transpose.class)
          .map(inner ->
              new Transpose(
                  inner.x(),
                  permutation.stream()
                      .map(inner.permutation()::get)
                      .collect(ImmutableList.toImmutableList())))
          .orElseGet(() -> new Transpose(x, permutation));
    }

    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x);
    }

    @Override
    public Transpose withOperands(ImmutableList<Value> operands) {
      return new Transpose(operands.getFirst(), permutation);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      List<Integer> axes = IntStream.range(0, x.rank()).boxed().toList();
      Typing.check(
          permutation.stream().sorted().toList().equals(axes),
          "%s is not a permutation of the axes of %s",
          permutation,
          x.type());
      Stream<Dim> dims = permutation.stream().map(x::dim);
      return ImmutableList.of(
          x.type().with(new Shape(dims.collect(ImmutableList.toImmutableList()))));
    }
  }

  /** Operands of equal shape but for one axis, one after the other along that axis. */
  record Concat(ImmutableList<Value> inputs, int axis) implements Shuffle {
    @Override
    public ImmutableList<Value> operands() {
      return inputs;
    }

    @Override
    public Concat withOperands(ImmutableList<Value> operands) {
      return new Concat(operands, axis);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.check(!inputs.isEmpty(), "nothing to concatenate");
      Value first = inputs.getFirst();
      Typing.axis(axis, first.rank());
      Shape shape = first.shape();
      for (Value next : inputs.subList(1, inputs.size())) {
        Typing.sameElementType(first, next);
        Typing.rank(next, first.rank());
        for (int i = 0; i < first.rank(); i++) {
          Dim known = shape.dim(i);
          Dim other = next.dim(i);
          if (i == axis) {
            shape = shape.with(i, known.plus(other));
          } else if (known.value().isEmpty()) {
            shape = shape.with(i, other.value().isPresent() ? other : known);
          } else {
            Typing.check(
                other.value().isEmpty() || other.equals(known),
                "%s and %s differ at axis %d",
                first.type(),
                next.type(),
                i);
          }
        }
      }
      return ImmutableList.of(first.type().with(shape));
    }
  }

  /**
   * Elements {@code start, start + step, ...} before {@code end} along each of some axes, by the
   * rules of ONNX: negative positions count from the end, and positions are limited to the tensor.
   *
   * @param starts int64 or int32, one per axis
   * @param ends int64 or int32, one per axis
   * @param axes not negative
   * @param steps not 0, one per axis
   */
  record Slice(
      Value x, Value starts, Value ends, ImmutableList<Integer> axes, ImmutableLongArray steps)
      implements Shuffle {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, starts, ends);
    }

    @Override
    public Slice withOperands(ImmutableList<Value> operands) {
      return new Slice(operands.get(0), operands.get(1), operands.get(2), axes, steps);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.index(starts);
      Typing.index(ends);
      Typing.check(
          axes.size() == steps.length() && steps.stream().noneMatch(step -> step == 0),
          "steps %s for axes %s",
          steps,
          axes);
      Typing.check(ImmutableSet.copyOf(axes).size() == axes.size(), "axes %s repeat", axes);
      Dim count = Dim.of(axes.size());
      Typing.check(
          Typing.agree(starts.shape().elementCount(), count)
              && Typing.agree(ends.shape().elementCount(), count),
          "starts %s and ends %s for axes %s",
          starts.type(),
          ends.type(),
          axes);
      Shape shape = x.shape();
      for (int i = 0; i < axes.size(); i++) {
        Typing.axis(axes.get(i), x.rank());
        shape = shape.with(axes.get(i), size(i));
      }
      return ImmutableList.of(x.type().with(shape));
    }

    private Dim size(int i) {
      Dim size = x.dim(axes.get(i));
      if (starts.content().isEmpty() || ends.content().isEmpty()) {
        return Symbol.fresh();
      }
      Optional<SliceBounds> bounds =
          SliceBounds.of(
              starts.content().get().get(i), ends.content().get().get(i), size, steps.get(i));
      return bounds.map(SliceBounds::count).orElseGet(Symbol::fresh);
    }
  }

  /** How padding is filled. */
  enum PadMode {
    CONSTANT,
    EDGE,
    REFLECT,
    WRAP
  }

  /**
   * More elements around x; negative amounts take elements away.
   *
   * @param pads int64 [2 rank]: amounts in front of each axis, then behind each axis
   * @param fill scalar for {@link PadMode#CONSTANT}, of the element type of x
   */
  record Pad(Value x, Value pads, Value fill, PadMode mode) implements Shuffle {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, pads, fill);
    }

    @Override
    public Pad withOperands(ImmutableList<Value> operands) {
      return new Pad(operands.get(0), operands.get(1), operands.get(2), mode);
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Typing.index(pads);
      Typing.sameElementType(x, fill);
      Typing.single(fill);
      Typing.check(
          pads.shape().elementCount().value().orElse(2L * x.rank()) == 2L * x.rank(),
          "pads %s for %s",
          pads.type(),
          x.type());
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      for (int i = 0; i < x.rank(); i++) {
        int axis = i;
        Optional<Dim> amount =
            pads.content().map(content -> content.get(axis).plus(content.get(axis + x.rank())));
        dims.add(amount.map(x.dim(i)::plus).orElseGet(Symbol::fresh));
      }
      return ImmutableList.of(x.type().with(new Shape(dims.build())));
    }
  }

  /** x broadcast to the common shape of x and {@code shape}, int64 [rank]. */
  record Expand(Value x, Value shape) implements Shuffle {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, shape);
    }

    @Override
    public Expand withOperands(ImmutableList<Value> operands) {
      return new Expand(operands.get(0), operands.get(1));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      Shape target = new Shape(ImmutableList.copyOf(sizesFrom(shape)));
      return ImmutableList.of(x.type().with(Shape.broadcast(List.of(x.shape(), target))));
    }
  }

  /** x repeated along each axis; {@code repeats} is int64 [rank]. */
  record Tile(Value x, Value repeats) implements Shuffle {
    @Override
    public ImmutableList<Value> operands() {
      return ImmutableList.of(x, repeats);
    }

    @Override
    public Tile withOperands(ImmutableList<Value> operands) {
      return new Tile(operands.get(0), operands.get(1));
    }

    @Override
    public ImmutableList<TensorType> inferTypes() {
      List<Dim> factors = sizesFrom(repeats);
      Typing.check(factors.size() == x.rank(), "%d repeats for %s", factors.size(), x.type());
      ImmutableList.Builder<Dim> dims = ImmutableList.builder();
      for (int axis = 0; axis < x.rank(); axis++) {
        dims.add(x.dim(axis).times(factors.get(axis)));
      }
      return ImmutableList.of(x.type().with(new Shape(dims.build())));
    }
  }

  /** The sizes that an index vector holds; fresh symbols where they are not known. */
  private static List<Dim> sizesFrom(Value vector) {
    Typing.index(vector);
    Typing.rank(vector, 1);
    if (vector.content().isPresent()) {
      return vector.content().get();
    }
    long rank = vector.dim(0).value().orElse(-1);
    Typing.check(rank >= 0, "%s leaves the rank of the result open", vector.type());
    Typing.check(rank <= 64, "rank %d is too large", rank);
    return Stream.<Dim>generate(Symbol::fresh).limit(rank).toList();
  }
}
