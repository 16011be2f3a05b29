package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.dim.Symbol;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.MovementLayer;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

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
    Value x = transpose(in.value(layer.x()), layer.first());
    if (layer.reshape().isPresent()) {
      Value sizes = in.value(layer.reshape().get());
      x = new Shuffle.Reshape(x, sizes, layer.zeroIsPlaceholder()).value();
    }
    Value result = transpose(x, layer.second());
    return result == in.value(layer.x()) ? Terms.cast(result, result.elementType()) : result;
  }

  private static Value transpose(Value x, ImmutableList<Integer> permutation) {
    List<Integer> identity = IntStream.range(0, x.rank()).boxed().toList();
    return permutation.equals(identity) ? x : new Shuffle.Transpose(x, permutation).value();
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
        Value steps = Terms.positions(Terms.element(size, axis));
        Value positions =
            Terms.plus(Terms.element(start, axis), Terms.times(steps, Terms.element(stride, axis)));
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
      case STRICT_BOUNDS -> new Indexing.Gather(x, positions, axis).value();
      case WRAP ->
          new Indexing.Gather(x, Terms.binary(BinaryKind.MOD, positions, size), axis).value();
      case CLAMP -> new Indexing.Gather(x, clamp(positions, size), axis).value();
      case REFLECT -> new Indexing.Gather(x, reflect(positions, size), axis).value();
      case FILL -> {
        Value inside = new Indexing.Gather(x, clamp(positions, size), axis).value();
        Value bounded = Terms.binary(BinaryKind.EQUAL, positions, clamp(positions, size));
        long[] spread = new long[x.rank()];
        Arrays.fill(spread, 1);
        spread[axis] = -1;
        Value fill =
            layer
                .fill()
                .map(in::value)
                .map(f -> new Shuffle.Reshape(f, Terms.constant(Tensor.ofLongs()), false).value())
                .orElseGet(() -> Terms.scalar(x.elementType(), 0));
        yield new Elementwise.Select(Terms.reshape(bounded, spread), inside, fill).value();
      }
    };
  }

  private static Value clamp(Value positions, Value size) {
    Value last = Terms.minus(size, Terms.index(1));
    return Terms.binary(
        BinaryKind.MAX, Terms.binary(BinaryKind.MIN, positions, last), Terms.index(0));
  }

  /** Back and forth without repeating the border. */
  private static Value reflect(Value positions, Value size) {
    Value last = Terms.minus(size, Terms.index(1));
    Value period = Terms.binary(BinaryKind.MAX, Terms.times(last, Terms.index(2)), Terms.index(1));
    Value offset = Terms.binary(BinaryKind.MOD, positions, period);
    return Terms.binary(BinaryKind.MIN, offset, Terms.minus(period, offset));
  }
}
