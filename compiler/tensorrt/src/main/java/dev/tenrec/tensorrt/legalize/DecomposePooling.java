package dev.tenrec.tensorrt.legalize;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.ReduceKind;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Fixed;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;
import java.util.stream.LongStream;

/**
 * Pooling for which TensorRT has no layer, one spatial dimension after the other.
 *
 * <pre>
 * pool(x, window) → reduce(gather(x, places under the window, axis), axis + 1), for each dimension
 * </pre>
 *
 * <p>Places outside of x read as what changes nothing; sums are divided by the number of places
 * that count. Legal because maxima, sums and counts over a box are those over its edges one by one.
 * Fires if the window is dilated, has more than three dimensions or elements that are no floats, or
 * if it averages padding and is rounded up, or starts in the padding behind where sizes are open.
 */
public record DecomposePooling() implements Rule {
  private static final int FIRST = 2;
  private static final int MAX_RANK = 3;

  @Override
  public String name() {
    return "decompose-pooling";
  }

  @Override
  public Optional<Value> rewrite(Op op, MatchContext context) {
    return op instanceof Pool pool
            && !hasLayer(pool)
            && Places.areBound(pool.x().shape().dims(), context)
        ? Optional.of(decomposed(pool, context.result()))
        : Optional.empty();
  }

  private static boolean hasLayer(Pool pool) {
    Window window = pool.window();
    boolean roundedUp = window.mode() == Window.Padding.EXPLICIT_ROUND_UP;
    boolean fits =
        window.dilations().stream().allMatch(dilation -> dilation == 1)
            && window.rank() <= MAX_RANK
            && pool.x().elementType().isFloating()
            && !(roundedUp && pool.kind() == PoolKind.AVERAGE_WITH_PADDING);
    for (int i = 0; i < window.rank(); i++) {
      boolean known = pool.x().dim(i + FIRST).value().isPresent();
      boolean mayStartBehind = window.after().get(i) + window.strides().get(i) > window.extent(i);
      fits &= known || !roundedUp || !mayStartBehind;
    }
    return fits;
  }

  private static Value decomposed(Pool pool, Value result) {
    Value x = pool.x();
    for (int i = 0; i < pool.window().rank(); i++) {
      x = Line.of(pool, i, result.dim(i + FIRST)).pooled(x);
    }
    return x;
  }

  /**
   * The window along one axis of x.
   *
   * @param before padding in front
   * @param after padding behind
   * @param places where the window's elements lie, [positions, kernel], from 0 on inside of x
   * @param unpadded whether it is plain that all lie inside
   */
  private record Line(
      PoolKind kind, int axis, Dim size, Dim before, Dim after, Value places, boolean unpadded) {

    static Line of(Pool pool, int i, Dim steps) {
      Window window = pool.window();
      Dim size = pool.x().dim(i + FIRST);
      long stride = window.strides().get(i);
      Dim all = steps.plus(-1).times(stride).plus(window.extent(i)).minus(size);
      Dim same = Dim.max(Fixed.ZERO, all);
      Dim before =
          switch (window.mode()) {
            case EXPLICIT, EXPLICIT_ROUND_UP -> Dim.of(window.before().get(i));
            case SAME_UPPER -> same.dividedBy(Dim.of(2));
            case SAME_LOWER -> same.dividedUpBy(2);
          };
      Dim after =
          switch (window.mode()) {
            case EXPLICIT, EXPLICIT_ROUND_UP -> Dim.of(window.after().get(i));
            case SAME_UPPER, SAME_LOWER -> same.minus(before);
          };
      Value starts = Terms.mul(Places.range(steps), Terms.index(stride));
      Value shifted = Terms.sub(starts, Places.size(before));
      long dilation = window.dilations().get(i);
      Value taps =
          Terms.vector(
              LongStream.range(0, window.kernel().get(i)).map(tap -> tap * dilation).toArray());
      Value places = Terms.add(Terms.unsqueeze(shifted, 1), taps);
      boolean unpadded = before.is(0) && Fixed.ZERO.isAtLeast(all);
      return new Line(pool.kind(), i + FIRST, size, before, after, places, unpadded);
    }

    Value pooled(Value x) {
      ImmutableList<Integer> taps = ImmutableList.of(axis + 1);
      if (unpadded) {
        ReduceKind all = kind == PoolKind.MAX ? ReduceKind.MAX : ReduceKind.MEAN;
        return new Reduce(all, Terms.gather(x, places, axis), taps, false).value();
      }
      ReduceKind reduction = kind == PoolKind.MAX ? ReduceKind.MAX : ReduceKind.SUM;
      Value inside = Places.inside(places, Terms.index(0), Places.size(size));
      Value safe = Terms.select(inside, places, Terms.index(0));
      Value picked = Terms.gather(x, safe, axis);
      Value mask = new Unsqueeze(inside, Places.without(x.rank() + 1, axis, axis + 1)).value();
      Value neutral = Identities.of(reduction, x.elementType());
      Value filled = Terms.select(mask, picked, neutral);
      Value combined = new Reduce(reduction, filled, taps, false).value();
      return kind == PoolKind.MAX ? combined : divided(combined, inside);
    }

    private Value divided(Value sum, Value inside) {
      Value counted =
          kind == PoolKind.AVERAGE
              ? inside
              : Places.inside(
                  places, Places.size(Fixed.ZERO.minus(before)), Places.size(size.plus(after)));
      Value numbers = new Cast(counted, sum.elementType()).value();
      Value count = Terms.reduce(ReduceKind.SUM, numbers, false, 1);
      return Terms.div(sum, Terms.along(count, axis, sum.rank()));
    }
  }
}
