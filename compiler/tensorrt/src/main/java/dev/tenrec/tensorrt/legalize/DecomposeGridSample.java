package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Indexing.GatherElements;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Resampling.GridSample;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Sampling over one or three spatial dimensions, for which TensorRT has a layer in its newest
 * version at most, as a gather for each corner around the positions.
 *
 * <pre>
 * grid_sample(x, grid) → sum over corners (gather(x, corner) share of the corner)
 * </pre>
 *
 * <p>Legal for nearest and linear interpolation of floating-point numbers.
 */
public record DecomposeGridSample() implements Rule {
  private static final int FIRST = 2;

  @Override
  public String name() {
    return "decompose-grid-sample";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof GridSample sample
            && sample.x().rank() != 4
            && sample.interpolation() != Interpolation.CUBIC
            && sample.x().elementType().isFloating()
            && Places.areBound(sample.x().shape().dims(), context)
            && Places.areBound(sample.grid().shape().dims(), context)
        ? Optional.of(sampled(sample, context.result().shape()))
        : Optional.empty();
  }

  private static Value sampled(GridSample op, Shape shape) {
    List<List<Line.Tap>> axes = new ArrayList<>();
    for (int k = FIRST; k < op.x().rank(); k++) {
      axes.add(Line.of(op, k).taps());
    }
    Dim elements = new Shape(op.x().shape().dims().subList(FIRST, op.x().rank())).elementCount();
    Dim points = new Shape(shape.dims().subList(FIRST, shape.rank())).elementCount();
    Value planes = reshape(op.x(), ImmutableList.of(op.x().dim(0), op.x().dim(1), elements));
    ImmutableList<Dim> sizes = ImmutableList.of(op.x().dim(0), op.x().dim(1), points);
    ImmutableList<Dim> row = ImmutableList.of(op.x().dim(0), Fixed.ONE, points);
    Value sum =
        corners(axes).stream()
            .map(corner -> {
              Value places = Terms.expand(reshape(corner.place(), row), Places.sizes(sizes));
              Value picked = new GatherElements(planes, places, FIRST).value();
              Value share = reshape(new Cast(corner.share(), picked.elementType()).value(), row);
              Value counts = reshape(corner.counts(), row);
              Value part = Terms.mul(picked, share);
              return Terms.select(counts, part, Terms.number(part, 0));
            })
            .reduce(Terms::add)
            .orElseThrow();
    return reshape(sum, shape.dims());
  }

  private static Value reshape(Value x, ImmutableList<Dim> dims) {
    return Terms.reshape(x, Places.sizes(dims));
  }

  /** Every choice of one tap for each axis. */
  private static List<Line.Tap> corners(List<List<Line.Tap>> axes) {
    List<Line.Tap> corners = axes.getFirst();
    for (List<Line.Tap> axis : axes.subList(1, axes.size())) {
      List<Line.Tap> before = corners;
      corners = new ArrayList<>();
      for (Line.Tap corner : before) {
        for (Line.Tap tap : axis) {
          corners.add(corner.and(tap));
        }
      }
    }
    return corners;
  }

  /**
   * The positions along one axis.
   *
   * @param positions in elements, floating-point
   * @param size of the axis
   */
  private record Line(GridSample op, Value positions, Dim size) {

    /**
     * An element around each position.
     *
     * @param place int64, within the axes seen so far
     * @param size of those axes
     * @param share in the result
     * @param counts whether there is such an element, and its share is not 0
     */
    record Tap(Value place, Dim size, Value share, Value counts) {
      Tap and(Tap next) {
        Value before = Terms.mul(place, Places.size(next.size));
        return new Tap(
            Terms.add(before, next.place),
            size.times(next.size),
            Terms.mul(share, next.share),
            Terms.and(counts, next.counts));
      }
    }

    static Line of(GridSample op, int axis) {
      // The grid has its numbers in the opposite order.
      Value number = Terms.index(op.x().rank() - 1 - axis);
      Value given = Terms.gather(op.grid(), number, op.grid().rank() - 1);
      Value size = new Cast(Places.size(op.x().dim(axis)), given.elementType()).value();
      Value one = Terms.add(given, 1);
      Value twice =
          op.alignCorners()
              ? Terms.mul(one, Terms.add(size, -1))
              : Terms.add(Terms.mul(one, size), -1);
      Value half = Terms.number(given, 0.5);
      return new Line(op, Terms.mul(twice, half), op.x().dim(axis));
    }

    List<Tap> taps() {
      if (op.interpolation() == Interpolation.NEAREST) {
        Value one = Terms.number(positions, 1);
        Value ones = Terms.expand(one, Places.sizes(positions.shape().dims()));
        return List.of(tap(Terms.unary(UnaryKind.ROUND, positions), ones));
      }
      Value below = Terms.unary(UnaryKind.FLOOR, positions);
      Value rest = Terms.sub(positions, below);
      Value left = Terms.sub(Terms.number(rest, 1), rest);
      return List.of(tap(below, left), tap(Terms.add(below, 1), rest));
    }

    private Tap tap(Value position, Value share) {
      Value at = new Cast(position, ElementType.INT64).value();
      Value inside = Places.inside(at, Terms.index(0), Places.size(size));
      Value last = Places.size(size.plus(-1));
      Value clamped = Terms.min(Terms.max(at, Terms.index(0)), last);
      Value zero = Terms.number(share, 0);
      Value some = Terms.not(Terms.equal(share, zero));
      return switch (op.border()) {
        case ZEROS -> new Tap(clamped, size, share, Terms.and(inside, some));
        case BORDER -> new Tap(clamped, size, share, some);
        case REFLECTION -> new Tap(reflected(at), size, share, some);
      };
    }

    /** Mirrored at the centres of the outer elements, or else at their edges. */
    private Value reflected(Value at) {
      Dim period = op.alignCorners() ? Dim.max(Fixed.ONE, size.plus(-1).times(2)) : size.times(2);
      Value phase = Terms.binary(BinaryKind.MOD, at, Places.size(period));
      Value back = Terms.sub(Places.size(period.plus(op.alignCorners() ? 0 : -1)), phase);
      Value forth = Terms.less(phase, Places.size(size));
      return Terms.select(forth, phase, back);
    }
  }
}
