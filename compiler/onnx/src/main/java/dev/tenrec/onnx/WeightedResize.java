package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.along;
import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.gather;
import static dev.tenrec.ir.Terms.matMul;
import static dev.tenrec.ir.Terms.number;
import static dev.tenrec.ir.Terms.select;
import static dev.tenrec.ir.Terms.squeeze;
import static dev.tenrec.ir.Terms.transpose;
import static dev.tenrec.ir.Terms.unsqueeze;
import static dev.tenrec.ir.Terms.vector;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/**
 * Resizing with a stretched filter, or of a region: each axis is multiplied with a constant matrix
 * of shares, or read at constant positions.
 *
 * @param resize the sizes, scales and mode
 * @param region start and end of each axis of the operand, 0 to 1 from its first to last element
 */
record WeightedResize(NodeContext n, Resize resize, boolean antialias, Optional<double[]> region) {

  /** The region in an input: starts for some axes, then their ends. */
  static double[] region(NodeContext n, ResizeTarget target) {
    double[] given = n.constantInput(1).toDoubles();
    int count = target.axes().size();
    if (given.length != 2 * count) {
      throw n.invalid("%d ends of regions for axes %s".formatted(given.length, target.axes()));
    }
    int rank = target.x().rank();
    double[] region = new double[2 * rank];
    Arrays.fill(region, rank, 2 * rank, 1);
    for (int i = 0; i < count; i++) {
      region[target.axes().get(i)] = given[i];
      region[target.axes().get(i) + rank] = given[i + count];
    }
    return region;
  }

  Value value() {
    Value x = resize.x();
    boolean nearest = resize.mode().interpolation() == Interpolation.NEAREST;
    if (!nearest && !x.elementType().isFloating()) {
      throw n.unsupported("interpolation between elements of %s is not supported".formatted(x))
          .advise("cast the input to float before resizing");
    }
    Value result = x;
    List<Value> masks = new ArrayList<>();
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!isKept(axis)) {
        ResizeAxis plan = plan(axis);
        result =
            nearest
                ? gather(result, vector(plan.nearest()), axis)
                : weighted(result, axis, plan.weights(x.elementType()));
        Tensor inside = plan.inside();
        if (region.isPresent() && Arrays.stream(inside.toLongs()).anyMatch(i -> i == 0)) {
          masks.add(along(constant(inside), axis, x.rank()));
        }
      }
    }
    Value fill = number(x, n.floatAttribute("extrapolation_value", 0));
    Value whole = result;
    return masks.stream()
        .reduce(Terms::and)
        .map(inside -> select(inside, whole, fill))
        .orElse(whole);
  }

  private boolean isKept(int axis) {
    boolean all =
        region.isEmpty()
            || (region.get()[axis] == 0 && region.get()[axis + resize.x().rank()] == 1);
    return all && given(axis).orElse(1.0) == 1 && size(axis).equals(resize.x().dim(axis));
  }

  private Optional<Double> given(int axis) {
    return resize.scales().map(scales -> scales.get(axis));
  }

  private Dim size(int axis) {
    return resize.sizes().content().map(sizes -> sizes.get(axis)).orElseThrow(this::open);
  }

  private dev.tenrec.ir.diagnostic.TenrecException open() {
    return n.unsupported(
            "resizing %s to sizes that are not fixed is not supported with antialias = 1 and for"
                    .formatted(resize.x().type())
                + " regions")
        .advise("export the model with fixed sizes, or with antialias=False");
  }

  private ResizeAxis plan(int axis) {
    long from = resize.x().dim(axis).value().orElseThrow(this::open);
    long to = size(axis).value().orElseThrow(this::open);
    if (from == 0 || to > Integer.MAX_VALUE / from) {
      throw n.invalid("axis %d of %s cannot become %d".formatted(axis, resize.x().type(), to));
    }
    double scale = given(axis).orElse((double) to / from);
    DoubleUnaryOperator position =
        region
            .map(r -> inRegion((float) r[axis], (float) r[axis + resize.x().rank()], from, to))
            .orElseGet(() -> position(from, to, scale));
    return new ResizeAxis(from, to, scale, position, resize.mode(), antialias);
  }

  /** In float32: whether a position at the border still counts depends on the last bit. */
  private static DoubleUnaryOperator inRegion(float start, float end, long from, long to) {
    float last = from - 1;
    return to > 1
        ? i -> start * last + (float) i * (end - start) * last / (to - 1)
        : _ -> 0.5f * (start + end) * last;
  }

  private DoubleUnaryOperator position(long from, long to, double scale) {
    double exactTo = from * scale;
    double shift = from / 2.0 * (1 - to / exactTo);
    return switch (resize.mode().coordinates()) {
      case HALF_PIXEL -> i -> (i + 0.5) / scale - 0.5;
      case HALF_PIXEL_SYMMETRIC -> i -> shift + (i + 0.5) / scale - 0.5;
      case PYTORCH_HALF_PIXEL -> i -> to > 1 ? (i + 0.5) / scale - 0.5 : 0;
      case ALIGN_CORNERS -> i -> to > 1 ? i * (from - 1) / (exactTo - 1) : 0;
      case ASYMMETRIC -> i -> i / scale;
    };
  }

  /** Multiplies one axis with a matrix, [to, from]. */
  private Value weighted(Value x, int axis, Tensor weights) {
    int last = x.rank() - 1;
    if (x.rank() > 1 && axis == last - 1) {
      return matMul(constant(weights), x);
    }
    Value turned = constant(transposed(weights));
    if (x.rank() == 1) {
      return squeeze(matMul(unsqueeze(x, 0), turned), 0);
    }
    List<Integer> order = new ArrayList<>(IntStream.rangeClosed(0, last).boxed().toList());
    order.remove((Object) axis);
    order.add(axis);
    List<Integer> back = IntStream.rangeClosed(0, last).mapToObj(order::indexOf).toList();
    return transpose(matMul(transpose(x, order), turned), back);
  }

  private static Tensor transposed(Tensor matrix) {
    long rows = matrix.size(0);
    long columns = matrix.size(1);
    return Tensor.ofDoubles(
        matrix.elementType(),
        ImmutableLongArray.of(columns, rows),
        i -> matrix.getDouble(i % rows * columns + i / rows));
  }
}
