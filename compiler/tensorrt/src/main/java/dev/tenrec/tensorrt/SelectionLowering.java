package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Indexing;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.IndexLayer;
import dev.tenrec.tensorrt.layer.MovementLayer;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.Vector;
import java.util.List;
import java.util.Optional;

/** Lowers what finds positions: the number of results is known only after the layer has run. */
final class SelectionLowering {
  private static final ImmutableList<Integer> BOXES_BEFORE_CLASSES = ImmutableList.of(0, 2, 1);

  private SelectionLowering() {}

  static NetworkTensor nonZero(NetworkTensor x, Scope in) {
    NetworkTensor found = in.add(new IndexLayer.NonZero(x.rank() == 0 ? vector(x, in) : x));
    NetworkTensor positions = in.cast(found, ElementType.INT64);
    return x.rank() == 0 ? rows(positions, in) : positions;
  }

  private static NetworkTensor vector(NetworkTensor scalar, Scope in) {
    return in.unsqueeze(scalar, List.of(0));
  }

  /** No row at all, but as many columns: a scalar has a position without indices. */
  private static NetworkTensor rows(NetworkTensor positions, Scope in) {
    NetworkTensor count = in.part(in.shape(positions), 1, 1);
    return in.add(
        new MovementLayer.Slice(
            positions,
            Vector.of(0, 0),
            new Vector.Computed(in.concat(List.of(in.entry(0), count))),
            Vector.of(1, 1),
            MovementLayer.SampleMode.STRICT_BOUNDS,
            Optional.empty()));
  }

  static NetworkTensor boxes(Indexing.NonMaxSuppression op, Scope in) {
    NetworkTensor found =
        in.addAll(
                new IndexLayer.NonMaxSuppression(
                    in.of(op.boxes()),
                    in.transpose(in.of(op.scores()), BOXES_BEFORE_CLASSES),
                    perClass(op.perClass(), in),
                    scalar(op.overlap(), in),
                    op.leastScore()
                        .map(score -> scalar(score, in))
                        .orElseGet(() -> in.number(op.boxes().elementType(), lowest(op), 0)),
                    op.centered(),
                    limit(op.boxes().dim(1))))
            .getFirst();
    return in.cast(found, ElementType.INT64);
  }

  private static double lowest(Indexing.NonMaxSuppression op) {
    return op.boxes().elementType() == ElementType.FLOAT16 ? -65504 : -Float.MAX_VALUE;
  }

  /** TensorRT drops boxes before it compares them if there are more. */
  private static int limit(Dim boxes) {
    if (boxes.value().orElse(Long.MAX_VALUE) > LayerRules.MAX_BOXES) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "TensorRT selects from %d boxes at most, not from %s"
                  .formatted(LayerRules.MAX_BOXES, boxes))
          .advise("fix the number of boxes, or keep only the best ones before");
    }
    return (int) Math.max(1, boxes.value().orElseThrow());
  }

  private static NetworkTensor perClass(Value number, Scope in) {
    NetworkTensor given = in.cast(scalar(number, in), ElementType.INT64);
    NetworkTensor largest = in.number(ElementType.INT64, Integer.MAX_VALUE, 0);
    NetworkTensor bounded = in.binary(ElementWiseOperation.MIN, given, largest);
    NetworkTensor none = in.number(ElementType.INT64, 0, 0);
    return in.cast(in.binary(ElementWiseOperation.MAX, bounded, none), ElementType.INT32);
  }

  private static NetworkTensor scalar(Value number, Scope in) {
    NetworkTensor tensor = in.of(number);
    return in.squeeze(tensor, Scope.axes(tensor.rank()));
  }
}
