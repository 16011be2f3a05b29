package dev.tenrec.tensorrt;

import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.SliceBounds;
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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Lowers {@link Shuffle.Slice}: ONNX's bounds become a start and a size. */
final class SliceLowering {
  private SliceLowering() {}

  static NetworkTensor lower(Shuffle.Slice op, Value result, Scope in) {
    Value x = op.x();
    List<Dim> starts = new ArrayList<>(Collections.nCopies(x.rank(), Fixed.ZERO));
    boolean known = result.shape().dims().stream().allMatch(in::isComputable);
    for (int i = 0; i < op.axes().size(); i++) {
      Optional<SliceBounds> bounds = known ? bounds(op, i) : Optional.empty();
      known = bounds.isPresent() && in.isComputable(bounds.get().start());
      if (known) {
        starts.set(op.axes().get(i), bounds.get().start());
      }
    }
    if (!known) {
      return open(op, in);
    }
    boolean whole = starts.stream().allMatch(start -> start.is(0));
    return whole && result.shape().equals(x.shape()) && isForward(op)
        ? in.of(x)
        : slice(op, in.vector(starts), in.vector(result.shape().dims()), in);
  }

  private static boolean isForward(Shuffle.Slice op) {
    return op.steps().stream().allMatch(step -> step > 0);
  }

  private static Optional<SliceBounds> bounds(Shuffle.Slice op, int i) {
    return op.starts()
        .content()
        .flatMap(starts ->
            op.ends()
                .content()
                .flatMap(ends ->
                    SliceBounds.of(
                        starts.get(i),
                        ends.get(i),
                        op.x().dim(op.axes().get(i)),
                        op.steps().get(i))));
  }

  private static NetworkTensor slice(Shuffle.Slice op, Vector start, Vector size, Scope in) {
    long[] strides = new long[op.x().rank()];
    Arrays.fill(strides, 1);
    for (int i = 0; i < op.axes().size(); i++) {
      strides[op.axes().get(i)] = op.steps().get(i);
    }
    return in.add(
        new MovementLayer.Slice(
            in.of(op.x()),
            start,
            size,
            Vector.of(strides),
            SampleMode.STRICT_BOUNDS,
            Optional.empty()));
  }

  /** Bounds that are known only at run time. */
  private static NetworkTensor open(Shuffle.Slice op, Scope in) {
    NetworkTensor shape = in.shape(in.of(op.x()));
    NetworkTensor starts = in.cast(in.of(op.starts()), ElementType.INT64);
    NetworkTensor ends = in.cast(in.of(op.ends()), ElementType.INT64);
    List<NetworkTensor> start = new ArrayList<>();
    List<NetworkTensor> size = new ArrayList<>();
    for (int axis = 0; axis < op.x().rank(); axis++) {
      NetworkTensor all = in.part(shape, axis, 1);
      int i = op.axes().indexOf(axis);
      if (i < 0) {
        start.add(in.entry(0));
        size.add(all);
      } else {
        long step = op.steps().get(i);
        NetworkTensor first = limit(in.part(starts, i, 1), all, 0, step < 0 ? -1 : 0, in);
        NetworkTensor last =
            limit(in.part(ends, i, 1), all, step < 0 ? -1 : 0, step < 0 ? -1 : 0, in);
        start.add(first);
        size.add(count(first, last, step, in));
      }
    }
    return slice(
        op, new Vector.Computed(in.concat(start)), new Vector.Computed(in.concat(size)), in);
  }

  /** A position counted from the front, at least {@code low} and at most size + {@code beyond}. */
  private static NetworkTensor limit(
      NetworkTensor position, NetworkTensor size, long low, long beyond, Scope in) {
    NetworkTensor negative = in.binary(ElementWiseOperation.LESS, position, in.entry(0));
    NetworkTensor counted = in.select(negative, in.sum(position, size), position);
    NetworkTensor high = beyond == 0 ? size : in.sum(size, in.entry(beyond));
    return in.binary(
        ElementWiseOperation.MAX,
        in.binary(ElementWiseOperation.MIN, counted, high),
        in.entry(low));
  }

  /** max(0, ceil((last - first) / step)). */
  private static NetworkTensor count(NetworkTensor first, NetworkTensor last, long step, Scope in) {
    NetworkTensor distance = in.difference(first, last);
    NetworkTensor back =
        step == 1 ? distance : in.binary(ElementWiseOperation.FLOOR_DIV, distance, in.entry(step));
    NetworkTensor zero = in.entry(0);
    return in.binary(ElementWiseOperation.MAX, in.difference(zero, back), zero);
  }
}
