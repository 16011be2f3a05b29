package dev.tenrec.onnx;

import dev.tenrec.ir.Source;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;

/** Tensors made of sizes and scalars. */
final class SourceExport {
  private SourceExport() {}

  static void write(Source source, NodeExport e) {
    switch (source) {
      case Source.ShapeOf _ -> e.same("Shape");
      case Source.Range range -> range(range, e);
      case Source.Constant _, Source.Sizes _ ->
          throw new TenrecException(ErrorCode.INTERNAL, "written where it is read: " + source);
    }
  }

  /** ONNX counts in single precision, double precision and some integers only. */
  private static void range(Source.Range op, NodeExport e) {
    ElementType type = op.start().elementType();
    ElementType counted =
        switch (type) {
          case FLOAT16, BFLOAT16 -> ElementType.FLOAT32;
          case INT8, UINT8 -> ElementType.INT16;
          case UINT16, UINT32 -> ElementType.INT64;
          default -> type;
        };
    if (counted == type) {
      e.same("Range");
      return;
    }
    NodeExport.Builder range = e.op("Range");
    op.operands().forEach(operand -> range.in(e.cast(e.name(operand), counted)));
    e.op("Cast").in(range.value()).attribute("to", ElementTypes.number(type)).result();
  }
}
