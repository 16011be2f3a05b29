package dev.tenrec.onnx;

import static dev.tenrec.ir.Terms.constant;
import static dev.tenrec.ir.Terms.reshape;
import static dev.tenrec.ir.Terms.scalar;
import static dev.tenrec.ir.Terms.slice;
import static dev.tenrec.ir.Terms.squeeze;

import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Indexing.NonMaxSuppression;
import dev.tenrec.ir.Indexing.NonZero;
import dev.tenrec.ir.Op;
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
        n.optionalInput(2).orElseGet(() -> scalar(ElementType.INT64, 0)),
        n.optionalInput(3).orElseGet(() -> scalar(type, 0)),
        n.optionalInput(4),
        n.flag("center_point_box", false));
  }

  private static Op compress(NodeContext n) {
    Optional<Integer> axis = n.attributes().integer("axis").map(a -> n.axis(a, n.input(0).rank()));
    Value x = axis.isPresent() ? n.input(0) : reshape(n.input(0), -1);
    Value condition = inside(n, n.input(1, 1), x, axis.orElse(0));
    return new Gather(x, positions(condition), axis.orElse(0));
  }

  /** The positions of the elements of a vector that are not zero. */
  static Value positions(Value vector) {
    return squeeze(new NonZero(vector).value(), 0);
  }

  /** What is beyond the end of x does not count. */
  private static Value inside(NodeContext n, Value condition, Value x, int axis) {
    boolean fits =
        condition.dim(0).value().orElse(Long.MAX_VALUE) <= x.dim(axis).value().orElse(-1);
    return fits
        ? condition
        : slice(condition, 0, constant(Tensor.ofLongs(0)), n.sizes(n.sizeOf(x, axis)), 1);
  }
}
