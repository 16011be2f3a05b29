package dev.tenrec.tensorrt;

import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.tensorrt.layer.SourceLayer;
import java.util.Arrays;

/** What {@link SourceLayer}s compute. */
final class SourceMeaning {
  private SourceMeaning() {}

  static Value of(SourceLayer layer, Meaning in) {
    return switch (layer) {
      case SourceLayer.Constant(var tensor) -> Terms.constant(tensor);
      case SourceLayer.Shape(var x) -> new Source.ShapeOf(in.value(x)).value();
      case SourceLayer.FillLinspace fill -> linspace(fill, in);
    };
  }

  private static Value linspace(SourceLayer.FillLinspace fill, Meaning in) {
    Value sizes = in.value(fill.dims());
    int rank = fill.step().rank();
    Value sum = in.value(fill.start());
    for (int axis = 0; axis < rank; axis++) {
      Value positions = Terms.positions(Terms.element(sizes, axis));
      Value step = new Indexing.Gather(in.value(fill.step()), Terms.index(axis), 0).value();
      Value along = Terms.times(Terms.cast(positions, fill.type()), step);
      long[] spread = new long[rank];
      Arrays.fill(spread, 1);
      spread[axis] = -1;
      sum = Terms.plus(sum, rank == 1 ? along : Terms.reshape(along, spread));
    }
    return sum;
  }
}
