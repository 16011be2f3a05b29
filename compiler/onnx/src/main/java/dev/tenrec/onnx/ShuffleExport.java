package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.Shuffle.Concat;
import dev.tenrec.ir.Shuffle.Expand;
import dev.tenrec.ir.Shuffle.Pad;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Shuffle.Tile;
import dev.tenrec.ir.Shuffle.Transpose;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.Value;
import java.util.List;
import java.util.Locale;

/** Operations that move elements. */
final class ShuffleExport {
  private ShuffleExport() {}

  static void write(Shuffle shuffle, NodeExport e) {
    switch (shuffle) {
      case Reshape(Value x, Value shape, boolean copyZeros) ->
          e.op("Reshape").in(x).in(e.longs(shape)).attribute("allowzero", !copyZeros).result();
      case Squeeze(Value x, List<Integer> axes) ->
          e.op("Squeeze").in(x).in(e.constant(axes)).result();
      case Unsqueeze(Value x, List<Integer> axes) ->
          e.op("Unsqueeze").in(x).in(e.constant(axes)).result();
      case Transpose(Value x, List<Integer> permutation) ->
          e.op("Transpose").in(x).attribute("perm", longs(permutation)).result();
      case Concat(List<Value> inputs, int axis) -> {
        NodeExport.Builder concat = e.op("Concat").attribute("axis", axis);
        inputs.forEach(concat::in);
        concat.result();
      }
      case Slice op ->
          e.op("Slice")
              .in(op.x())
              .in(e.longs(op.starts()))
              .in(e.longs(op.ends()))
              .in(e.constant(op.axes()))
              .in(e.constant(op.steps().toArray()))
              .result();
      case Pad op ->
          e.op("Pad")
              .in(op.x())
              .in(e.longs(op.pads()))
              .in(op.fill())
              .attribute("mode", op.mode().name().toLowerCase(Locale.ROOT))
              .result();
      case Expand(Value x, Value shape) -> e.op("Expand").in(x).in(e.longs(shape)).result();
      case Tile(Value x, Value repeats) -> e.op("Tile").in(x).in(e.longs(repeats)).result();
    }
  }

  private static ImmutableLongArray longs(List<Integer> axes) {
    return ImmutableLongArray.copyOf(axes.stream().mapToLong(Integer::longValue));
  }
}
