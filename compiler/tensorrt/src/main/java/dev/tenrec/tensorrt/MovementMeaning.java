package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.tensorrt.layer.MovementLayer;
import java.util.Arrays;

/** What {@link MovementLayer}s compute. */
final class MovementMeaning {
  private MovementMeaning() {}

  static Value of(MovementLayer layer, Meaning in) {
    return switch (layer) {
      case MovementLayer.Shuffle shuffle -> shuffle(shuffle, in);
      case MovementLayer.Slice slice -> slice(slice, in);
      case MovementLayer.Concatenation(var inputs, int axis) ->
          new Shuffle.Concat(
                  inputs.stream().map(in::value).collect(ImmutableList.toImmutableList()), axis)
              .value();
    };
  }

  private static Value shuffle(MovementLayer.Shuffle layer, Meaning in) {
    Value x = Terms.transpose(in.value(layer.x()), layer.first());
    if (layer.reshape().isPresent()) {
      Value sizes = in.value(layer.reshape().get());
      x = new Shuffle.Reshape(x, sizes, layer.zeroIsPlaceholder()).value();
    }
    Value result = Terms.transpose(x, layer.second());
    return result == in.value(layer.x()) ? Terms.cast(result, result.elementType()) : result;
  }

  /** One gather per axis, at positions that follow from start, stride and mode. */
  private static Value slice(MovementLayer.Slice layer, Meaning in) {
    Value x = in.value(layer.x());
    Value start = in.value(layer.start());
    Value size = in.value(layer.size());
    Value stride = in.value(layer.stride());
    Value result = x;
    for (int axis = 0; axis < x.rank(); axis++) {
      if (!isWhole(x.dim(axis), known(start, axis), known(size, axis), known(stride, axis))) {
        Value steps = Terms.range(Meaning.entry(size, axis));
        Value positions =
            Terms.add(Meaning.entry(start, axis), Terms.mul(steps, Meaning.entry(stride, axis)));
        result = gather(result, axis, positions, layer, in);
      }
    }
    return result == x ? new Elementwise.Cast(x, x.elementType()).value() : result;
  }

  private static Dim known(Value vector, int i) {
    return vector.content().map(content -> content.get(i)).orElseGet(Symbol::fresh);
  }

  private static boolean isWhole(Dim dim, Dim start, Dim size, Dim stride) {
    return start.is(0) && stride.is(1) && size.equals(dim);
  }

  private static Value gather(
      Value x, int axis, Value positions, MovementLayer.Slice layer, Meaning in) {
    Value size = Terms.size(x, axis);
    return switch (layer.mode()) {
      case STRICT_BOUNDS -> Terms.gather(x, positions, axis);
      case WRAP -> Terms.gather(x, Terms.binary(BinaryKind.MOD, positions, size), axis);
      case CLAMP -> Terms.gather(x, clamp(positions, size), axis);
      case REFLECT -> Terms.gather(x, reflect(positions, size), axis);
      case FILL -> {
        Value inside = Terms.gather(x, clamp(positions, size), axis);
        Value bounded = Terms.equal(positions, clamp(positions, size));
        long[] spread = new long[x.rank()];
        Arrays.fill(spread, 1);
        spread[axis] = -1;
        Value fill =
            layer.fill().map(in::value).map(Terms::reshape).orElseGet(() -> Terms.number(x, 0));
        yield Terms.select(Terms.reshape(bounded, spread), inside, fill);
      }
    };
  }

  private static Value clamp(Value positions, Value size) {
    Value last = Terms.sub(size, Terms.index(1));
    return Terms.max(Terms.min(positions, last), Terms.index(0));
  }

  /** Back and forth without repeating the border. */
  private static Value reflect(Value positions, Value size) {
    Value last = Terms.sub(size, Terms.index(1));
    Value period = Terms.max(Terms.mul(last, Terms.index(2)), Terms.index(1));
    Value offset = Terms.binary(BinaryKind.MOD, positions, period);
    return Terms.min(offset, Terms.sub(period, offset));
  }
}
