package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Reduction;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.MovementLayer.SampleMode;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.PointwiseLayer.UnaryOperation;
import dev.tenrec.tensorrt.layer.ReductionLayer;
import dev.tenrec.tensorrt.layer.ReductionLayer.ReduceOperation;
import dev.tenrec.tensorrt.layer.ReductionLayer.TopKOperation;
import dev.tenrec.tensorrt.layer.SourceLayer;
import dev.tenrec.tensorrt.layer.Vector;
import dev.tenrec.tensorrt.layer.WindowLayer;
import dev.tenrec.tensorrt.layer.WindowLayer.Padding;
import dev.tenrec.tensorrt.layer.WindowLayer.PaddingMode;
import dev.tenrec.tensorrt.layer.WindowLayer.PoolingType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Lowers {@link Reduction}. */
final class ReductionLowering {
  /** The most pixels along an axis that a mean is pooled over. Classifiers have 7 to 16. */
  private static final long MAX_WINDOW = 32;

  private ReductionLowering() {}

  static ImmutableList<NetworkTensor> lower(Reduction op, Scope in) {
    return switch (op) {
      case Reduction.Reduce reduce -> ImmutableList.of(reduce(reduce, in));
      case Reduction.ArgReduce arg -> ImmutableList.of(argReduce(arg, in));
      case Reduction.TopK topK -> topK(topK, in);
      case Reduction.CumulativeSum sum -> ImmutableList.of(cumulativeSum(sum, in));
    };
  }

  private static NetworkTensor reduce(Reduction.Reduce op, Scope in) {
    NetworkTensor x = in.of(op.x());
    return switch (op.kind()) {
      case SUM -> along(ReduceOperation.SUM, x, op, in);
      case MEAN -> mean(x, op, in);
      case MAX -> along(ReduceOperation.MAX, x, op, in);
      case MIN -> along(ReduceOperation.MIN, x, op, in);
      case PROD -> along(ReduceOperation.PROD, x, op, in);
      case L1 -> along(ReduceOperation.SUM, in.unary(UnaryOperation.ABS, x), op, in);
      case SUM_SQUARE -> along(ReduceOperation.SUM, in.product(x, x), op, in);
      case L2 ->
          in.unary(UnaryOperation.SQRT, along(ReduceOperation.SUM, in.product(x, x), op, in));
      case LOG_SUM -> in.unary(UnaryOperation.LOG, along(ReduceOperation.SUM, x, op, in));
      case LOG_SUM_EXP -> logSumExp(x, op, in);
    };
  }

  /**
   * The window of a mean over all pixels, as in front of a classifier. TensorRT 10.6 fuses sum and
   * ReLU with such a reduction instead of with the convolution before them.
   */
  private static Optional<ImmutableLongArray> window(Reduction.Reduce op) {
    ElementType type = op.x().elementType();
    return (type == ElementType.FLOAT32 || type == ElementType.FLOAT16)
            && op.x().rank() == 4
            && op.axes().equals(ImmutableList.of(2, 3))
            && !op.keepDims()
        ? new Shape(op.x().shape().dims().subList(2, 4))
            .sizes()
            .filter(sizes -> sizes.stream().allMatch(size -> size >= 1 && size <= MAX_WINDOW))
        : Optional.empty();
  }

  private static NetworkTensor mean(NetworkTensor x, Reduction.Reduce op, Scope in) {
    Optional<ImmutableLongArray> window = window(op);
    if (window.isEmpty()) {
      return along(ReduceOperation.AVG, x, op, in);
    }
    ImmutableLongArray zeros = ImmutableLongArray.of(0, 0);
    NetworkTensor pooled =
        in.add(
            new WindowLayer.Pooling(
                x,
                PoolingType.AVERAGE,
                window.get(),
                ImmutableLongArray.of(1, 1),
                new Padding(PaddingMode.EXPLICIT_ROUND_DOWN, zeros, zeros),
                false));
    return in.squeeze(pooled, op.axes());
  }

  /**
   * TensorRT does not reduce over no axis, and a reduction over none changes nothing. It reduces
   * int32 in float, which holds integers up to 2^24, and int64 exactly.
   */
  private static NetworkTensor along(
      ReduceOperation operation, NetworkTensor x, Reduction.Reduce op, Scope in) {
    if (op.axes().isEmpty()) {
      return x;
    }
    NetworkTensor reduced = in.reduce(operation, exact(x, in), op.axes(), op.keepDims());
    return in.cast(reduced, x.elementType());
  }

  /** max + log(sum(exp(x - max))), with a maximum of 0 where it is infinite. */
  private static NetworkTensor logSumExp(NetworkTensor x, Reduction.Reduce op, Scope in) {
    if (op.axes().isEmpty()) {
      return x;
    }
    NetworkTensor max = in.reduce(ReduceOperation.MAX, x, op.axes(), true);
    NetworkTensor shift = in.select(in.unary(UnaryOperation.ISINF, max), in.like(max, 0), max);
    NetworkTensor exponentials = in.unary(UnaryOperation.EXP, in.difference(x, shift));
    NetworkTensor sum = in.reduce(ReduceOperation.SUM, exponentials, op.axes(), true);
    NetworkTensor result = in.sum(in.unary(UnaryOperation.LOG, sum), shift);
    return op.keepDims() ? result : in.squeeze(result, op.axes());
  }

  private static NetworkTensor argReduce(Reduction.ArgReduce op, Scope in) {
    NetworkTensor x = op.last() ? reversed(op.x(), op.axis(), in) : in.of(op.x());
    TopKOperation operation = op.largest() ? TopKOperation.MAX : TopKOperation.MIN;
    NetworkTensor indices = largest(x, operation, Vector.of(1), op.axis(), in).get(1);
    if (op.last()) {
      NetworkTensor last = in.scalar(op.x().dim(op.axis()).plus(-1));
      indices = in.difference(in.aligned(last, indices.rank()), indices);
    }
    return op.keepDims() ? indices : in.squeeze(indices, List.of(op.axis()));
  }

  private static NetworkTensor reversed(Value x, int axis, Scope in) {
    long[] strides = new long[x.rank()];
    Arrays.fill(strides, 1);
    strides[axis] = -1;
    List<Dim> starts = new ArrayList<>();
    for (int i = 0; i < x.rank(); i++) {
      starts.add(i == axis ? x.dim(i).plus(-1) : Fixed.ZERO);
    }
    return in.add(
        new MovementLayer.Slice(
            in.of(x),
            in.vector(starts),
            in.vector(x.shape().dims()),
            Vector.of(strides),
            SampleMode.STRICT_BOUNDS,
            Optional.empty()));
  }

  private static ImmutableList<NetworkTensor> topK(Reduction.TopK op, Scope in) {
    Vector k =
        op.k()
            .content()
            .map(content -> content.getFirst())
            .filter(dim -> dim.value().isPresent())
            .<Vector>map(dim -> Vector.of(dim.value().getAsLong()))
            .orElseGet(() -> new Vector.Computed(scalar(op.k(), in)));
    TopKOperation operation = op.largest() ? TopKOperation.MAX : TopKOperation.MIN;
    return largest(in.of(op.x()), operation, k, op.axis(), in);
  }

  private static NetworkTensor scalar(Value k, Scope in) {
    NetworkTensor tensor = in.of(k);
    return in.squeeze(tensor, Scope.axes(tensor.rank()));
  }

  /** Values, and positions as int64. */
  private static ImmutableList<NetworkTensor> largest(
      NetworkTensor x, TopKOperation operation, Vector k, int axis, Scope in) {
    if (x.rank() - axis > LayerRules.TOP_K_AXES) {
      List<Integer> swap = new ArrayList<>(Scope.axes(x.rank()));
      Collections.swap(swap, axis, x.rank() - 1);
      return largest(in.transpose(x, swap), operation, k, x.rank() - 1, in).stream()
          .map(result -> in.transpose(result, swap))
          .collect(ImmutableList.toImmutableList());
    }
    boolean vector = x.rank() == 1;
    NetworkTensor operand = vector ? in.unsqueeze(x, List.of(0)) : x;
    ElementType type = in.capabilities().longIndices() ? ElementType.INT64 : ElementType.INT32;
    ImmutableList<NetworkTensor> both =
        in.addAll(new ReductionLayer.TopK(operand, operation, k, vector ? axis + 1 : axis, type));
    NetworkTensor values = vector ? in.squeeze(both.get(0), List.of(0)) : both.get(0);
    NetworkTensor indices = vector ? in.squeeze(both.get(1), List.of(0)) : both.get(1);
    return ImmutableList.of(values, in.cast(indices, ElementType.INT64));
  }

  private static NetworkTensor cumulativeSum(Reduction.CumulativeSum op, Scope in) {
    NetworkTensor x = in.of(op.x());
    return in.capabilities().cumulativeLayer()
        ? in.add(new ReductionLayer.CumulativeSum(x, op.axis(), op.exclusive(), op.reverse()))
        : in.cast(maskedSum(exact(x, in), op, in), x.elementType());
  }

  /** Sums of int32 are done in float, those of int64 are not. */
  private static NetworkTensor exact(NetworkTensor x, Scope in) {
    return x.elementType() == ElementType.INT32 ? in.cast(x, ElementType.INT64) : x;
  }

  /**
   * A running sum without its layer: for each position the sum over all positions times a mask of
   * those that count. Quadratic in the length, which is that of a sequence.
   */
  private static NetworkTensor maskedSum(NetworkTensor x, Reduction.CumulativeSum op, Scope in) {
    int axis = op.axis();
    NetworkTensor positions = positions(op.x().dim(axis), in);
    NetworkTensor to = in.unsqueeze(positions, List.of(1));
    NetworkTensor from = in.unsqueeze(positions, List.of(0));
    ElementWiseOperation before =
        op.reverse() ? ElementWiseOperation.GREATER : ElementWiseOperation.LESS;
    NetworkTensor mask = in.binary(before, from, to);
    if (!op.exclusive()) {
      mask =
          in.binary(ElementWiseOperation.OR, mask, in.binary(ElementWiseOperation.EQUAL, from, to));
    }
    NetworkTensor factors = in.cast(mask, x.elementType());
    List<Integer> trailing = new ArrayList<>();
    for (int i = axis + 2; i <= x.rank(); i++) {
      trailing.add(i - axis);
    }
    NetworkTensor spread = in.unsqueeze(factors, trailing);
    NetworkTensor products = in.product(in.unsqueeze(x, List.of(axis)), spread);
    return in.reduce(ReduceOperation.SUM, products, List.of(axis + 1), false);
  }

  private static NetworkTensor positions(Dim count, Scope in) {
    return in.add(
        new SourceLayer.FillLinspace(
            in.vector(List.of(count)),
            in.number(ElementType.INT64, 0, 0),
            in.number(ElementType.INT64, 1, 1),
            ElementType.INT64));
  }
}
