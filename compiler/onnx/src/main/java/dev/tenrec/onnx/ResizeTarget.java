package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Resampling.ResizeMode;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.ElementType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The sizes that resizing leads to. Only some axes may be resized; the others keep their size.
 *
 * @param axes the axes that sizes and scales are given for, in that order
 */
record ResizeTarget(NodeContext n, Value x, ImmutableList<Integer> axes) {
  /** A scale is taken as a quotient where the denominator is at most this. */
  private static final long MAX_DENOMINATOR = 1024;

  static ResizeTarget allAxes(NodeContext n) {
    Value x = n.input(0);
    return new ResizeTarget(
        n, x, IntStream.range(0, x.rank()).boxed().collect(ImmutableList.toImmutableList()));
  }

  static ResizeTarget of(NodeContext n) {
    ResizeTarget all = allAxes(n);
    return n.attributes()
        .integers("axes")
        .map(axes -> new ResizeTarget(n, all.x, n.axes(axes.asList(), all.x.rank())))
        .orElse(all);
  }

  /** Sizes for the given axes become sizes for all. */
  Value sizes(Value given) {
    boolean all = axes.equals(IntStream.range(0, x.rank()).boxed().toList());
    if (all) {
      return given;
    }
    ImmutableList.Builder<Value> entries = ImmutableList.builder();
    for (int axis = 0; axis < x.rank(); axis++) {
      int i = axes.indexOf(axis);
      entries.add(i < 0 ? n.sizes(n.sizeOf(x, axis)) : entry(given, i));
    }
    return new Concat(entries.build(), 0).value();
  }

  private Value entry(Value vector, int i) {
    ImmutableLongArray step = ImmutableLongArray.of(1);
    return new Slice(vector, Terms.vector(i), Terms.vector(i + 1L), ImmutableList.of(0), step)
        .value();
  }

  Resize byScales(double[] given, ResizeMode mode) {
    if (given.length != axes.size()) {
      throw n.invalid("%d scales for axes %s".formatted(given.length, axes));
    }
    double[] scales = new double[x.rank()];
    Arrays.fill(scales, 1);
    List<Size> sizes = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      int i = axes.indexOf(axis);
      if (i >= 0) {
        scales[axis] = given[i];
      }
      if (!(scales[axis] > 0)) {
        throw n.invalid("scale %s is not positive".formatted(scales[axis]));
      }
      sizes.add(scaled(n.sizeOf(x, axis), (float) scales[axis]));
    }
    Optional<ImmutableDoubleArray> factors = Optional.of(ImmutableDoubleArray.copyOf(scales));
    return new Resize(x, n.sizes(sizes), factors, mode);
  }

  /** The size times the scale, rounded down in float32 as ONNX Runtime does. */
  private Size scaled(Size size, float scale) {
    if (size.dim().value().isPresent()) {
      return Size.of((long) (scale * (float) size.dim().value().getAsLong()));
    }
    for (long denominator = 1; denominator <= MAX_DENOMINATOR; denominator++) {
      long numerator = Math.round((double) scale * denominator);
      if (numerator > 0 && (float) numerator / denominator == scale) {
        return size.times(numerator).dividedBy(denominator);
      }
    }
    return new Size(Symbol.fresh(), () -> scaledAtRunTime(size, scale));
  }

  private Value scaledAtRunTime(Size size, float scale) {
    Value number = Terms.cast(n.sizes(size), ElementType.FLOAT32);
    Value factor = Terms.scalar(ElementType.FLOAT32, scale);
    Value product = Terms.mul(number, factor);
    return Terms.cast(product, ElementType.INT64);
  }

  /** One scale for all given axes, such that no size is exceeded, or that none is missed. */
  Resize keepingAspect(long[] limits, boolean notLarger, ResizeMode mode) {
    if (limits.length != axes.size()) {
      throw n.invalid("%d sizes for axes %s".formatted(limits.length, axes));
    }
    double scale = notLarger ? Double.MAX_VALUE : 0;
    for (int i = 0; i < limits.length; i++) {
      double candidate = (double) limits[i] / fixedSize(axes.get(i));
      scale = notLarger ? Math.min(scale, candidate) : Math.max(scale, candidate);
    }
    double[] scales = new double[x.rank()];
    Arrays.fill(scales, 1);
    long[] sizes = new long[x.rank()];
    for (int axis = 0; axis < sizes.length; axis++) {
      if (axes.contains(axis)) {
        scales[axis] = scale;
      }
      sizes[axis] = (long) Math.floor(fixedSize(axis) * scales[axis] + 0.5);
    }
    return new Resize(
        x, Terms.vector(sizes), Optional.of(ImmutableDoubleArray.copyOf(scales)), mode);
  }

  private long fixedSize(int axis) {
    return x.dim(axis)
        .value()
        .orElseThrow(() ->
            n.unsupported("keeping the aspect ratio of %s needs fixed sizes".formatted(x))
                .advise("export the model with fixed input sizes"));
  }
}
