package dev.tenrec.tensorrt;

import com.google.common.collect.ImmutableSet;
import dev.tenrec.ir.Provenance;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.PointwiseLayer.ElementWiseOperation;
import dev.tenrec.tensorrt.layer.PointwiseLayer.UnaryOperation;
import dev.tenrec.tensorrt.layer.SourceLayer;
import dev.tenrec.tensorrt.layer.Vector;
import java.util.List;

/** Lowers {@link Source}. */
final class SourceLowering {
  private SourceLowering() {}

  static NetworkTensor lower(Source op, Value result, Scope in) {
    return switch (op) {
      case Source.ShapeOf(Value x) -> in.shape(in.of(x));
      case Source.Range range -> range(range, result, in);
      case Source.Constant _, Source.Sizes _ ->
          throw new TenrecException(ErrorCode.INTERNAL, op + " is lowered where it is read");
    };
  }

  private static NetworkTensor range(Source.Range op, Value result, Scope in) {
    // TensorRT fills in float, int32 and int64 only.
    ElementType type = op.start().elementType();
    ElementType computed = type.isInteger() ? type : ElementType.FLOAT32;
    NetworkTensor start = in.cast(in.of(op.start()), computed);
    NetworkTensor step = in.cast(in.aligned(op.step(), 1), computed);
    Dim count = result.dim(0);
    refuseInputs(op, in.isComputable(count));
    Vector dims =
        in.isComputable(count)
            ? in.vector(List.of(count))
            : new Vector.Computed(count(start, in.cast(in.of(op.limit()), computed), step, in));
    NetworkTensor filled = in.add(new SourceLayer.FillLinspace(dims, start, step, computed));
    return in.cast(filled, type);
  }

  /** TensorRT does not let the elements of an input decide how many there are. */
  private static void refuseInputs(Source.Range op, boolean isComputable) {
    ImmutableSet<String> inputs =
        op.operands().stream()
            .flatMap(operand -> Provenance.inputItself(operand).stream())
            .collect(ImmutableSet.toImmutableSet());
    if (!isComputable && !inputs.isEmpty()) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED, "the elements of the inputs %s decide sizes".formatted(inputs))
          .advise("make them constants of the model")
          .needing(inputs);
    }
  }

  /** max(0, ceil((limit - start) / step)), as a vector of one int64. */
  private static NetworkTensor count(
      NetworkTensor start, NetworkTensor limit, NetworkTensor step, Scope in) {
    NetworkTensor back = in.difference(start, limit);
    NetworkTensor turns =
        start.elementType().isInteger()
            ? in.cast(in.binary(ElementWiseOperation.FLOOR_DIV, back, step), ElementType.INT64)
            : in.cast(
                in.unary(UnaryOperation.FLOOR, in.binary(ElementWiseOperation.DIV, back, step)),
                ElementType.INT64);
    NetworkTensor zero = in.number(ElementType.INT64, 0, 1);
    return in.binary(ElementWiseOperation.MAX, in.difference(zero, turns), zero);
  }
}
