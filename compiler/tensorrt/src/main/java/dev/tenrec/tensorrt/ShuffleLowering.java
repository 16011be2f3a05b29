package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.MovementLayer.SampleMode;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.Vector;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Lowers {@link Shuffle} but for slices. */
final class ShuffleLowering {
  private ShuffleLowering() {}

  static NetworkTensor lower(Shuffle op, Value result, Scope in) {
    return switch (op) {
      case Shuffle.Reshape reshape -> reshape(reshape, result, in);
      case Shuffle.Squeeze(Value x, var axes) -> squeeze(x, axes, result, in);
      case Shuffle.Unsqueeze(Value x, var axes) -> unsqueeze(x, axes, result, in);
      case Shuffle.Transpose(Value x, var permutation) -> transpose(x, permutation, in);
      case Shuffle.Concat(var inputs, int axis) -> concat(inputs, axis, in);
      case Shuffle.Slice slice -> SliceLowering.lower(slice, result, in);
      case Shuffle.Pad pad -> pad(pad, result, in);
      case Shuffle.Expand(Value x, Value shape) -> expand(x, shape, result, in);
      case Shuffle.Tile(Value x, Value repeats) -> tile(x, repeats, result, in);
    };
  }

  private static boolean areComputable(Shape shape, Scope in) {
    return shape.dims().stream().allMatch(in::isComputable);
  }

  private static NetworkTensor reshape(Shuffle.Reshape op, Value result, Scope in) {
    NetworkTensor x = in.of(op.x());
    return areComputable(result.shape(), in)
        ? in.reshape(x, op.x().shape(), result.shape())
        : in.reshape(x, new Vector.Computed(in.of(op.shape())), op.copyZeros(), result.rank());
  }

  private static NetworkTensor squeeze(
      Value x, ImmutableList<Integer> axes, Value result, Scope in) {
    return result.shape().isStatic()
        ? in.reshape(in.of(x), x.shape(), result.shape())
        : in.squeeze(in.of(x), axes);
  }

  private static NetworkTensor unsqueeze(
      Value x, ImmutableList<Integer> axes, Value result, Scope in) {
    return result.shape().isStatic()
        ? in.reshape(in.of(x), x.shape(), result.shape())
        : in.unsqueeze(in.of(x), axes.stream().sorted().toList());
  }

  private static NetworkTensor transpose(Value x, List<Integer> permutation, Scope in) {
    return permutation.equals(Scope.axes(x.rank()))
        ? in.of(x)
        : in.transpose(in.of(x), permutation);
  }

  private static NetworkTensor concat(ImmutableList<Value> inputs, int axis, Scope in) {
    return inputs.size() == 1
        ? in.of(inputs.getFirst())
        : in.add(
            new MovementLayer.Concatenation(
                inputs.stream().map(in::of).collect(ImmutableList.toImmutableList()), axis));
  }

  private static NetworkTensor pad(Shuffle.Pad op, Value result, Scope in) {
    int rank = op.x().rank();
    SampleMode mode =
        switch (op.mode()) {
          case CONSTANT -> SampleMode.FILL;
          case EDGE -> SampleMode.CLAMP;
          case REFLECT -> SampleMode.REFLECT;
          case WRAP -> SampleMode.WRAP;
        };
    Optional<NetworkTensor> fill =
        mode == SampleMode.FILL ? Optional.of(in.of(op.fill())) : Optional.empty();
    Optional<ImmutableList<Dim>> pads = op.pads().content();
    if (pads.isPresent() && areComputable(result.shape(), in)) {
      List<Dim> starts = pads.get().subList(0, rank).stream().map(Fixed.ZERO::minus).toList();
      return slice(op.x(), in.vector(starts), in.vector(result.shape().dims()), mode, fill, in);
    }
    NetworkTensor amounts = in.cast(in.of(op.pads()), ElementType.INT64);
    NetworkTensor before = in.part(amounts, 0, rank);
    NetworkTensor after = in.part(amounts, rank, rank);
    NetworkTensor zero = in.number(before.elementType(), 0, 1);
    NetworkTensor size = in.sum(in.shape(in.of(op.x())), in.sum(before, after));
    return slice(
        op.x(),
        new Vector.Computed(in.difference(zero, before)),
        new Vector.Computed(size),
        mode,
        fill,
        in);
  }

  private static NetworkTensor slice(
      Value x, Vector start, Vector size, SampleMode mode, Optional<NetworkTensor> fill, Scope in) {
    Vector ones = in.vector(Collections.nCopies(x.rank(), Fixed.ONE));
    return in.add(new MovementLayer.Slice(in.of(x), start, size, ones, mode, fill));
  }

  /** A slice that stays in place along the axes that are broadcast. */
  private static NetworkTensor expand(Value x, Value shape, Value result, Scope in) {
    int rank = result.rank();
    NetworkTensor operand = in.aligned(x, rank);
    Shape from = x.shape().padTo(rank);
    if (from.equals(result.shape())) {
      return operand;
    }
    Vector zeros = in.vector(Collections.nCopies(rank, Fixed.ZERO));
    Vector size;
    if (areComputable(result.shape(), in)) {
      size = in.vector(result.shape().dims());
    } else {
      NetworkTensor target = in.cast(in.of(shape), ElementType.INT64);
      int missing = rank - Math.toIntExact(shape.dim(0).value().orElseThrow());
      if (missing > 0) {
        target = in.concat(List.of(in.sizeTensor(Collections.nCopies(missing, Fixed.ONE)), target));
      }
      size = new Vector.Computed(broadcast(in.shape(operand), target, in));
    }
    return in.add(
        new MovementLayer.Slice(
            operand,
            zeros,
            size,
            strides(from, result.shape(), operand, in),
            SampleMode.STRICT_BOUNDS,
            Optional.empty()));
  }

  /** The larger of two sizes where one is 1, which at 0 is the smaller. */
  private static NetworkTensor broadcast(NetworkTensor a, NetworkTensor b, Scope in) {
    NetworkTensor one = in.binary(ElementWiseOperation.EQUAL, a, in.number(a.elementType(), 1, 1));
    return in.select(one, b, a);
  }

  /** 0 along axes of size 1, else 1; computed where a size is open and may be broadcast. */
  private static Vector strides(Shape from, Shape to, NetworkTensor operand, Scope in) {
    List<Dim> strides = new ArrayList<>();
    for (int axis = 0; axis < from.rank(); axis++) {
      Dim dim = from.dim(axis);
      boolean same = dim.equals(to.dim(axis));
      strides.add(dim.is(1) && !same ? Fixed.ZERO : Fixed.ONE);
      if (!same && dim.value().isEmpty()) {
        NetworkTensor sizes = in.shape(operand);
        NetworkTensor one = in.number(sizes.elementType(), 1, 1);
        NetworkTensor below = in.difference(sizes, one);
        return new Vector.Computed(in.binary(ElementWiseOperation.MIN, below, one));
      }
    }
    return in.vector(strides);
  }

  private static NetworkTensor tile(Value x, Value repeats, Value result, Scope in) {
    Vector size =
        areComputable(result.shape(), in)
            ? in.vector(result.shape().dims())
            : new Vector.Computed(in.product(in.shape(in.of(x)), in.of(repeats)));
    Vector zeros = in.vector(Collections.nCopies(x.rank(), Fixed.ZERO));
    return result.shape().equals(x.shape())
        ? in.of(x)
        : slice(x, zeros, size, SampleMode.WRAP, Optional.empty(), in);
  }
}
