package dev.tenrec.onnx;

import com.google.common.collect.ImmutableList;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.NonMaxSuppression;
import dev.tenrec.ir.Indexing.NonZero;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Shuffle.Slice;
import dev.tenrec.ir.Shuffle.Squeeze;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;

/** Operators whose results are as large as the elements of their inputs say. */
final class SelectionImport {
  private SelectionImport() {}

  static void register(OperatorTable on) {
    on.op("NonZero", n -> new NonZero(n.input(0)));
    on.op("NonMaxSuppression", SelectionImport::nonMaxSuppression);
    on.op("Compress", SelectionImport::compress);
    on.results("Unique", UniqueImport::unique);
  }

  private static Op nonMaxSuppression(NodeContext n) {
    ElementType type = n.input(0).elementType();
    return new NonMaxSuppression(
        n.input(0),
        n.input(1),
        n.optionalInput(2).orElseGet(() -> n.scalar(ElementType.INT64, 0)),
        n.optionalInput(3).orElseGet(() -> n.scalar(type, 0)),
        n.optionalInput(4),
        n.flag("center_point_box", false));
  }

  private static Op compress(NodeContext n) {
    Optional<Integer> axis = n.attributes().integer("axis").map(a -> n.axis(a, n.input(0).rank()));
    Value x = axis.isPresent() ? n.input(0) : flat(n, n.input(0));
    Value condition = inside(n, n.input(1, 1), x, axis.orElse(0));
    return new Gather(x, positions(condition), axis.orElse(0));
  }

  static Value flat(NodeContext n, Value x) {
    return new Reshape(x, n.longs(-1), false).value();
  }

  /** The positions of the elements of a vector that are not zero. */
  static Value positions(Value vector) {
    return new Squeeze(new NonZero(vector).value(), ImmutableList.of(0)).value();
  }

  /** What is beyond the end of x does not count. */
  private static Value inside(NodeContext n, Value condition, Value x, int axis) {
    boolean fits =
        condition.dim(0).value().orElse(Long.MAX_VALUE) <= x.dim(axis).value().orElse(-1);
    return fits
        ? condition
        : new Slice(
                condition,
                n.constant(Tensor.ofLongs(0)),
                n.sizes(n.sizeOf(x, axis)),
                ImmutableList.of(0),
                ImmutableLongArray.of(1))
            .value();
  }

  static Value cast(Value x, ElementType to) {
    return x.elementType() == to ? x : new Cast(x, to).value();
  }
}
