package dev.tenrec.onnx;

import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;

/** Convolutions. */
final class ConvolutionExport {
  private ConvolutionExport() {}

  static void write(Convolution convolution, NodeExport e) {
    NodeExport.Builder builder =
        e.op(
            switch (convolution) {
              case Conv _ -> "Conv";
              case ConvTranspose _ -> "ConvTranspose";
            });
    convolution.operands().forEach(builder::in);
    switch (convolution) {
      case Conv op -> Windows.write(op.window(), builder.attribute("group", op.groups()));
      case ConvTranspose op -> {
        Windows.write(op.window(), builder.attribute("group", op.groups()));
        builder.attribute("output_padding", op.outputPadding());
      }
    }
    builder.result();
  }
}
