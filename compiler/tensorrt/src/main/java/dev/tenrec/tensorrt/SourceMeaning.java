package dev.tenrec.tensorrt;

import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.tensorrt.layer.SourceLayer;
import java.util.Arrays;

/** What {@link SourceLayer}s compute. */
final class SourceMeaning {
  private SourceMeaning() {}

  static Value of(SourceLayer layer, Meaning in) {
    return switch (layer) {
      case SourceLayer.Constant(var tensor) -> Terms.constant(tensor);
      case SourceLayer.Shape(var x) -> Terms.shapeOf(in.value(x));
      case SourceLayer.FillLinspace fill -> linspace(fill, in);
    };
  }

  private static Value linspace(SourceLayer.FillLinspace fill, Meaning in) {
    Value sizes = in.value(fill.dims());
    int rank = fill.step().rank();
    Value sum = in.value(fill.start());
    for (int axis = 0; axis < rank; axis++) {
      Value positions = Terms.range(Meaning.entry(sizes, axis));
      Value step = Terms.element(in.value(fill.step()), 0, axis);
      Value along = Terms.mul(Terms.cast(positions, fill.type()), step);
      long[] spread = new long[rank];
      Arrays.fill(spread, 1);
      spread[axis] = -1;
      sum = Terms.add(sum, rank == 1 ? along : Terms.reshape(along, spread));
    }
    return sum;
  }
}
