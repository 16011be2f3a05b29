package dev.tenrec.onnx;

import dev.tenrec.ir.Source;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;

/** Tensors made of sizes and scalars. */
final class SourceExport {
  private SourceExport() {}

  static void write(Source source, NodeExport e) {
    switch (source) {
      case Source.ShapeOf _ -> e.same("Shape");
      case Source.Range _ -> e.same("Range");
      case Source.Constant _, Source.Sizes _ ->
          throw new TenrecException(ErrorCode.INTERNAL, "written where it is read: " + source);
    }
  }
}
