package dev.tenrec.tensorrt;

import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.WindowLayer;
import dev.tenrec.tensorrt.layer.WindowLayer.PoolingType;

/** Lowers {@link Pooling}. */
final class PoolingLowering {
  private PoolingLowering() {}

  static NetworkTensor lower(Pooling op, Scope in) {
    return switch (op) {
      case Pooling.Pool pool -> pool(pool, in);
    };
  }

  private static NetworkTensor pool(Pooling.Pool op, Scope in) {
    Window window = op.window();
    if (!window.dilations().stream().allMatch(dilation -> dilation == 1)) {
      throw new TenrecException(ErrorCode.UNSUPPORTED, "TensorRT has no dilated pooling");
    }
    if (op.kind() == PoolKind.AVERAGE_WITH_PADDING
        && window.mode() == Window.Padding.EXPLICIT_ROUND_UP) {
      // The divisor counts the padding, but not what rounding up adds to it.
      throw new TenrecException(
          ErrorCode.UNSUPPORTED, "TensorRT has no average of padding that is rounded up");
    }
    Spatial spatial = Spatial.of(op.x(), window);
    NetworkTensor result =
        in.add(
            new WindowLayer.Pooling(
                spatial.expand(in.of(op.x()), in),
                op.kind() == PoolKind.MAX ? PoolingType.MAX : PoolingType.AVERAGE,
                spatial.kernel(),
                spatial.stride(),
                spatial.padding(),
                op.kind() != PoolKind.AVERAGE_WITH_PADDING));
    return spatial.restore(result, in);
  }
}
