package dev.tenrec.onnx;

import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Pooling.Pool;
import dev.tenrec.ir.Window;

/** Pooling. */
final class PoolingExport {
  private PoolingExport() {}

  static void write(Pooling pooling, NodeExport e) {
    switch (pooling) {
      case Pool op -> {
        NodeExport.Builder builder =
            switch (op.kind()) {
              case MAX -> e.op("MaxPool");
              case AVERAGE -> e.op("AveragePool");
              case AVERAGE_WITH_PADDING -> e.op("AveragePool").attribute("count_include_pad", true);
            };
        Windows.write(op.window(), builder.in(op.x()));
        if (op.window().mode() == Window.Padding.EXPLICIT_ROUND_UP) {
          builder.attribute("ceil_mode", true);
        }
        builder.result();
      }
    }
  }
}
