package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.Layer;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.PointwiseLayer.UnaryOperation;
import dev.tenrec.tensorrt.layer.ReductionLayer;
import dev.tenrec.tensorrt.layer.ReductionLayer.ReduceOperation;
import dev.tenrec.tensorrt.layer.SourceLayer;
import dev.tenrec.tensorrt.layer.Vector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The values of one graph that are lowered so far, and short names for the layers that lowerings
 * are made of. Layers get the location of the operation that is being lowered.
 *
 * <p>Constants become layers when something reads them, so that those which end up as a parameter
 * of a layer never do.
 */
final class Scope {
  private record Aligned(Value value, int rank) {}

  private final TensorRtNetwork network;
  private final SizeArithmetic sizes = new SizeArithmetic(this);
  private final Map<Value, NetworkTensor> tensors = new HashMap<>();
  private final Map<Aligned, NetworkTensor> aligned = new HashMap<>();
  private final Map<Tensor, NetworkTensor> constants = new HashMap<>();
  private Location location = Location.UNKNOWN;

  Scope(TensorRtNetwork network) {
    this.network = network;
  }

  TensorRtNetwork network() {
    return network;
  }

  Capabilities capabilities() {
    return Capabilities.of(network.version());
  }

  Location location() {
    return location;
  }

  void locate(Location place) {
    location = place;
  }

  /** Notes what a value became. Its sizes are a source for symbols that nothing else gives. */
  void define(Value value, NetworkTensor tensor) {
    tensors.put(value, tensor);
    sizes.learn(value.shape(), tensor);
  }

  boolean isDefined(Value value) {
    return tensors.containsKey(value);
  }

  /** The tensor of a value. */
  NetworkTensor of(Value value) {
    NetworkTensor known = tensors.get(value);
    if (known != null) {
      return known;
    }
    NetworkTensor made = source(value);
    tensors.put(value, made);
    return made;
  }

  private NetworkTensor source(Value value) {
    Optional<Source.Sizes> expressions = value.producedBy(Source.Sizes.class);
    if (expressions.isPresent()) {
      List<Dim> dims = expressions.get().dims();
      return expressions.get().scalar() ? sizes.scalar(dims.getFirst()) : sizes.tensor(dims);
    }
    Tensor tensor =
        value
            .constant()
            .orElseThrow(
                () -> new TenrecException(ErrorCode.INTERNAL, value + " is read but not lowered"));
    return network.add(new SourceLayer.Constant(tensor), locationOf(value));
  }

  private Location locationOf(Value value) {
    return value.name().isEmpty() ? location : new Location.Synthetic(value.name());
  }

  /** The tensor of a value with dimensions of size 1 in front, up to the given rank. */
  NetworkTensor aligned(Value value, int rank) {
    if (value.rank() >= rank) {
      return of(value);
    }
    return aligned.computeIfAbsent(
        new Aligned(value, rank),
        _ ->
            value
                .constant()
                .map(tensor -> constant(tensor.withSizes(padded(tensor.sizes(), rank))))
                .orElseGet(() -> aligned(of(value), rank)));
  }

  NetworkTensor aligned(NetworkTensor x, int rank) {
    return unsqueeze(x, IntStream.range(0, rank - x.rank()).boxed().toList());
  }

  private static ImmutableLongArray padded(ImmutableLongArray sizes, int rank) {
    return ImmutableLongArray.builder()
        .addAll(IntStream.range(0, rank - sizes.length()).mapToLong(_ -> 1))
        .addAll(sizes)
        .build();
  }

  /** A vector along axis 1 of the given rank, as parameters of channels are. */
  NetworkTensor perChannel(Value vector, int rank) {
    List<Integer> others = new ArrayList<>(axes(rank));
    others.remove(Integer.valueOf(1));
    return vector
        .constant()
        .map(tensor -> constant(alongChannels(tensor, rank)))
        .orElseGet(() -> unsqueeze(of(vector), others));
  }

  static Tensor alongChannels(Tensor vector, int rank) {
    long[] sizes = new long[rank];
    Arrays.fill(sizes, 1);
    sizes[1] = vector.count();
    return vector.withSizes(ImmutableLongArray.copyOf(sizes));
  }

  /** A constant, one layer for equal ones. */
  NetworkTensor constant(Tensor tensor) {
    return constants.computeIfAbsent(tensor, t -> add(new SourceLayer.Constant(t)));
  }

  /** One number with the given rank, all sizes 1. */
  NetworkTensor number(ElementType type, double number, int rank) {
    return constant(Tensor.ofDoubles(type, padded(ImmutableLongArray.of(), rank), _ -> number));
  }

  /** A vector of one int64. */
  NetworkTensor entry(long number) {
    return constant(Tensor.ofLongs(number));
  }

  /** A number of the type and rank of a tensor. */
  NetworkTensor like(NetworkTensor x, double number) {
    return number(x.elementType(), number, x.rank());
  }

  NetworkTensor add(Layer layer) {
    return network.add(layer, location);
  }

  ImmutableList<NetworkTensor> addAll(Layer layer) {
    return network.addAll(layer, location);
  }

  NetworkTensor unary(UnaryOperation operation, NetworkTensor x) {
    return add(new PointwiseLayer.Unary(x, operation));
  }

  /** With the operand of lower rank aligned to the other. */
  NetworkTensor binary(ElementWiseOperation operation, NetworkTensor a, NetworkTensor b) {
    int rank = Math.max(a.rank(), b.rank());
    return add(new PointwiseLayer.ElementWise(aligned(a, rank), aligned(b, rank), operation));
  }

  NetworkTensor sum(NetworkTensor a, NetworkTensor b) {
    return binary(ElementWiseOperation.SUM, a, b);
  }

  NetworkTensor difference(NetworkTensor a, NetworkTensor b) {
    return binary(ElementWiseOperation.SUB, a, b);
  }

  NetworkTensor product(NetworkTensor a, NetworkTensor b) {
    return binary(ElementWiseOperation.PROD, a, b);
  }

  NetworkTensor select(NetworkTensor condition, NetworkTensor a, NetworkTensor b) {
    int rank = Math.max(condition.rank(), Math.max(a.rank(), b.rank()));
    return add(
        new PointwiseLayer.Select(aligned(condition, rank), aligned(a, rank), aligned(b, rank)));
  }

  NetworkTensor activation(PointwiseLayer.ActivationType type, NetworkTensor x) {
    return add(new PointwiseLayer.Activation(x, type, 0, 0));
  }

  NetworkTensor cast(NetworkTensor x, ElementType to) {
    return x.elementType() == to ? x : add(new PointwiseLayer.Cast(x, to));
  }

  NetworkTensor reduce(
      ReduceOperation operation, NetworkTensor x, List<Integer> axes, boolean keepDims) {
    return add(new ReductionLayer.Reduce(x, operation, ImmutableList.copyOf(axes), keepDims));
  }

  NetworkTensor transpose(NetworkTensor x, List<Integer> permutation) {
    return shuffle(x, permutation, Optional.empty(), true, permutation.size());
  }

  NetworkTensor reshape(NetworkTensor x, Vector sizes, boolean copyZeros, int rank) {
    return shuffle(x, axes(x.rank()), Optional.of(sizes), copyZeros, rank);
  }

  /** A reshape to known expressions, as a fixed parameter wherever TensorRT can express it. */
  NetworkTensor reshape(NetworkTensor x, Shape from, Shape to) {
    boolean empty = to.dims().stream().anyMatch(dim -> dim.is(0));
    long[] sizes = new long[to.rank()];
    int inferred = 0;
    for (int axis = 0; axis < sizes.length; axis++) {
      Dim dim = to.dim(axis);
      boolean same = !empty && axis < from.rank() && dim.equals(from.dim(axis));
      sizes[axis] = dim.value().orElse(same ? 0 : -1);
      inferred += sizes[axis] == -1 ? 1 : 0;
    }
    return inferred <= 1 && !(empty && inferred == 1)
        ? reshape(x, Vector.of(sizes), !empty, sizes.length)
        : reshape(x, vector(to.dims()), false, sizes.length);
  }

  private NetworkTensor shuffle(
      NetworkTensor x, List<Integer> first, Optional<Vector> sizes, boolean copyZeros, int rank) {
    return add(
        new MovementLayer.Shuffle(x, ImmutableList.copyOf(first), sizes, copyZeros, axes(rank)));
  }

  static ImmutableList<Integer> axes(int rank) {
    return IntStream.range(0, rank).boxed().collect(ImmutableList.toImmutableList());
  }

  /**
   * Inserts axes of size 1, given as ascending positions in the result. Sizes stay open this way:
   * new axes are put last, where all others keep their position, and then moved.
   */
  NetworkTensor unsqueeze(NetworkTensor x, List<Integer> axes) {
    if (axes.isEmpty()) {
      return x;
    }
    int rank = x.rank() + axes.size();
    long[] sizes = new long[rank];
    Arrays.fill(sizes, x.rank(), rank, 1);
    List<Integer> second = new ArrayList<>();
    int old = 0;
    int added = x.rank();
    for (int axis = 0; axis < rank; axis++) {
      second.add(axes.contains(axis) ? added++ : old++);
    }
    return add(
        new MovementLayer.Shuffle(
            x, axes(x.rank()), Optional.of(Vector.of(sizes)), true, ImmutableList.copyOf(second)));
  }

  /** Removes axes of size 1: moves them last, where nothing behind them changes position. */
  NetworkTensor squeeze(NetworkTensor x, List<Integer> axes) {
    if (axes.isEmpty()) {
      return x;
    }
    List<Integer> first = new ArrayList<>(axes(x.rank()));
    first.removeAll(axes);
    int rank = first.size();
    first.addAll(axes);
    return add(
        new MovementLayer.Shuffle(
            x,
            ImmutableList.copyOf(first),
            Optional.of(Vector.of(new long[rank])),
            true,
            axes(rank)));
  }

  NetworkTensor concat(List<NetworkTensor> parts) {
    return parts.size() == 1
        ? parts.getFirst()
        : add(new MovementLayer.Concatenation(ImmutableList.copyOf(parts), 0));
  }

  /** Some neighbouring entries of a vector. */
  NetworkTensor part(NetworkTensor vector, int from, int count) {
    return add(
        new MovementLayer.Slice(
            vector,
            Vector.of(from),
            Vector.of(count),
            Vector.of(1),
            MovementLayer.SampleMode.STRICT_BOUNDS,
            Optional.empty()));
  }

  /** Whether all symbols of an expression can be read from some tensor's sizes. */
  boolean isComputable(Dim dim) {
    return sizes.isComputable(dim);
  }

  /** Sizes as a parameter: fixed if they all are. */
  Vector vector(List<Dim> dims) {
    return dims.stream().allMatch(dim -> dim.value().isPresent())
        ? Vector.of(dims.stream().mapToLong(dim -> dim.value().getAsLong()).toArray())
        : new Vector.Computed(sizes.tensor(dims));
  }

  /** A size as a scalar of type int64. */
  NetworkTensor scalar(Dim dim) {
    return sizes.scalar(dim);
  }

  /** Sizes as a tensor of type int64. */
  NetworkTensor sizeTensor(List<Dim> dims) {
    return sizes.tensor(dims);
  }

  /** The sizes of a tensor, int64. */
  NetworkTensor shape(NetworkTensor x) {
    return sizes.shape(x);
  }
}
