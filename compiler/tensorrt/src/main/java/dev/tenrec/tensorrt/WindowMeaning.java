package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.tensorrt.layer.Coefficients;
import dev.tenrec.tensorrt.layer.WindowLayer;
import dev.tenrec.tensorrt.layer.WindowLayer.Padding;
import dev.tenrec.tensorrt.layer.WindowLayer.PoolingType;
import java.util.Arrays;

/** What {@link WindowLayer}s compute. */
final class WindowMeaning {
  private WindowMeaning() {}

  static Value of(WindowLayer layer, Meaning in) {
    return switch (layer) {
      case WindowLayer.Convolution conv -> convolution(conv, in);
      case WindowLayer.Deconvolution deconv -> deconvolution(deconv, in);
      case WindowLayer.Pooling pooling -> pooling(pooling, in.value(pooling.x()));
    };
  }

  private static Value convolution(WindowLayer.Convolution layer, Meaning in) {
    Window window =
        window(spatial(layer.kernel()), layer.stride(), layer.dilation(), layer.padding());
    return new Convolution.Conv(
            in.value(layer.x()),
            in.value(layer.kernel()),
            layer.bias().map(in::value),
            window,
            layer.groups())
        .value();
  }

  private static Value deconvolution(WindowLayer.Deconvolution layer, Meaning in) {
    Window window =
        window(spatial(layer.kernel()), layer.stride(), layer.dilation(), layer.padding());
    return new Convolution.ConvTranspose(
            in.value(layer.x()),
            in.value(layer.kernel()),
            layer.bias().map(in::value),
            window,
            layer.groups(),
            ImmutableLongArray.copyOf(new long[window.rank()]))
        .value();
  }

  private static Value pooling(WindowLayer.Pooling layer, Value x) {
    long[] ones = new long[layer.window().length()];
    Arrays.fill(ones, 1);
    ImmutableLongArray dilation = ImmutableLongArray.copyOf(ones);
    Window window = window(layer.window(), layer.stride(), dilation, layer.padding());
    return new Pooling.Pool(kind(layer), x, window).value();
  }

  private static Window window(
      ImmutableLongArray kernel,
      ImmutableLongArray stride,
      ImmutableLongArray dilation,
      Padding padding) {
    return new Window(kernel, stride, dilation, padding.before(), padding.after(), mode(padding));
  }

  private static PoolKind kind(WindowLayer.Pooling layer) {
    if (layer.type() == PoolingType.MAX) {
      return PoolKind.MAX;
    }
    return layer.excludePadding() ? PoolKind.AVERAGE : PoolKind.AVERAGE_WITH_PADDING;
  }

  private static ImmutableLongArray spatial(Coefficients kernel) {
    return kernel.dims().subArray(2, kernel.dims().length());
  }

  private static Window.Padding mode(Padding padding) {
    return switch (padding.mode()) {
      case EXPLICIT_ROUND_DOWN -> Window.Padding.EXPLICIT;
      case EXPLICIT_ROUND_UP -> Window.Padding.EXPLICIT_ROUND_UP;
      case SAME_UPPER -> Window.Padding.SAME_UPPER;
      case SAME_LOWER -> Window.Padding.SAME_LOWER;
    };
  }
}
