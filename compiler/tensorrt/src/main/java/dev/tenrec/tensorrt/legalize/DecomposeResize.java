package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Resizes that TensorRT's layer does not do as ONNX does, one axis after the other.
 *
 * <pre>
 * resize(x) → sum(gather(x, tap k of each position, axis) share of tap k), for each axis
 * </pre>
 *
 * <p>Legal for known sizes. Positions and shares are read off the resize of a unit matrix. Fires
 * for {@code half_pixel_symmetric}, for scaled sizes that are not rounded down, or that are rounded
 * and aligned at their corners, for axes that the layer does not interpolate, and for the nearest
 * elements of integers, which it would take for floats.
 */
public record DecomposeResize() implements Rule {
  static final long MAX_SIZE = 1 << 12;

  @Override
  public String name() {
    return "decompose-resize";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    if (!(op instanceof Resize resize)
        || !resize.x().shape().isStatic()
        || !context.result().shape().isStatic()
        || hasLayer(resize, context.result())) {
      return Optional.empty();
    }
    Value x = resize.x();
    for (int axis = 0; axis < x.rank(); axis++) {
      long to = context.result().dim(axis).value().orElseThrow();
      if (Math.max(to, size(resize, axis)) > MAX_SIZE && changes(resize, axis, to)) {
        return Optional.empty();
      }
      x = changes(resize, axis, to) ? resized(x, resize, axis, to) : x;
    }
    return Optional.of(x);
  }

  private static long size(Resize op, int axis) {
    return op.x().dim(axis).value().orElseThrow();
  }

  private static double scale(Resize op, int axis) {
    return op.scales().map(scales -> scales.get(axis)).orElse(1.0);
  }

  private static boolean changes(Resize op, int axis, long to) {
    return to != size(op, axis) || scale(op, axis) != 1;
  }

  private static boolean hasLayer(Resize op, Value result) {
    Interpolation interpolation = op.mode().interpolation();
    int interpolated =
        switch (interpolation) {
          case NEAREST -> op.x().rank();
          case LINEAR -> 3;
          case CUBIC -> 2;
        };
    boolean fits =
        op.mode().coordinates() != Coordinates.HALF_PIXEL_SYMMETRIC
            && (interpolation != Interpolation.NEAREST || op.x().elementType().isFloating());
    for (int axis = 0; fits && axis < op.x().rank(); axis++) {
      long to = result.dim(axis).value().orElseThrow();
      fits =
          isRoundedDown(op, axis, to)
              && hasSameCorners(op, axis, to)
              && (axis >= op.x().rank() - interpolated || !changes(op, axis, to));
    }
    return fits;
  }

  /** However exactly the product is computed. */
  private static boolean isRoundedDown(Resize op, int axis, long to) {
    double exact = (double) (float) scale(op, axis) * size(op, axis);
    return op.scales().isEmpty()
        || (to == (long) Math.floor(exact) && to == (long) Math.floor((float) exact));
  }

  /** ONNX measures the distance of corners by the exact product, TensorRT by the rounded size. */
  private static boolean hasSameCorners(Resize op, int axis, long to) {
    return op.scales().isEmpty()
        || op.mode().coordinates() != Coordinates.ALIGN_CORNERS
        || scale(op, axis) * size(op, axis) == to;
  }

  private static Value resized(Value x, Resize op, int axis, long to) {
    List<List<Tap>> taps = taps(op, axis, to);
    if (op.mode().interpolation() == Interpolation.NEAREST) {
      return picked(x, taps, 0, axis);
    }
    int most = taps.stream().mapToInt(List::size).max().orElse(1);
    return IntStream.range(0, most)
        .mapToObj(tap -> weighted(x, taps, tap, most, axis))
        .reduce((a, b) -> Terms.add(a, b))
        .orElseThrow();
  }

  private static Value weighted(Value x, List<List<Tap>> taps, int tap, int most, int axis) {
    double[] shares = taps.stream().mapToDouble(of -> share(of, tap, most)).toArray();
    Tensor weights =
        Tensor.ofDoubles(x.elementType(), ImmutableLongArray.of(shares.length), i -> shares[i]);
    Value along = Terms.along(Terms.constant(weights), axis, x.rank());
    return Terms.mul(picked(x, taps, tap, axis), along);
  }

  private static Value picked(Value x, List<List<Tap>> taps, int tap, int axis) {
    long[] places =
        taps.stream().mapToLong(of -> of.get(Math.min(tap, of.size() - 1)).place()).toArray();
    return Terms.gather(x, Terms.vector(places), axis);
  }

  /** An element and its share in one of the result. */
  private record Tap(long place, double share) {}

  /** The last tap stands for those that are missing, because no share of infinity is no number. */
  private static double share(List<Tap> taps, int tap, int most) {
    int last = taps.size() - 1;
    return tap < last ? taps.get(tap).share() : taps.get(last).share() / (most - last);
  }

  private static List<List<Tap>> taps(Resize op, int axis, long to) {
    long from = size(op, axis);
    Tensor unit =
        Tensor.ofDoubles(
            ElementType.FLOAT64,
            ImmutableLongArray.of(from, from),
            i -> i / from == i % from ? 1 : 0);
    Resize line =
        new Resize(
            Terms.constant(unit),
            Terms.vector(from, to),
            op.scales().map(scales -> ImmutableDoubleArray.of(1, scales.get(axis))),
            op.mode());
    Tensor shares =
        Interpreter.evaluate(
                line,
                ImmutableList.of(unit, Tensor.ofLongs(from, to)),
                symbol -> {
                  throw new IllegalStateException("a constant depends on " + symbol);
                })
            .getFirst();
    List<List<Tap>> taps = new ArrayList<>();
    for (long i = 0; i < to; i++) {
      long position = i;
      taps.add(
          IntStream.range(0, (int) from)
              .mapToObj(place -> new Tap(place, shares.getDouble(place * to + position)))
              .filter(tap -> tap.share() != 0)
              .toList());
    }
    return taps;
  }
}
