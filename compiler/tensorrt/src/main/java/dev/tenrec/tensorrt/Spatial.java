package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.WindowLayer.Padding;
import dev.tenrec.tensorrt.layer.WindowLayer.PaddingMode;
import java.util.List;

/**
 * A window as TensorRT takes it: over two or three dimensions. One-dimensional windows get a
 * leading spatial dimension of size 1.
 *
 * @param line whether the window has one dimension only
 */
record Spatial(
    boolean line,
    ImmutableLongArray kernel,
    ImmutableLongArray stride,
    ImmutableLongArray dilation,
    Padding padding) {
  private static final int FIRST = 2;

  static Spatial of(Value x, Window window) {
    if (window.rank() < 1 || window.rank() > 3) {
      throw new TenrecException(
          ErrorCode.UNSUPPORTED,
          "TensorRT has no windows over %d dimensions".formatted(window.rank()));
    }
    boolean line = window.rank() == 1;
    Padding padding = padding(x, window);
    return new Spatial(
        line,
        line ? after(1, window.kernel()) : window.kernel(),
        line ? after(1, window.strides()) : window.strides(),
        line ? after(1, window.dilations()) : window.dilations(),
        line
            ? new Padding(padding.mode(), after(0, padding.before()), after(0, padding.after()))
            : padding);
  }

  private static ImmutableLongArray after(long first, ImmutableLongArray rest) {
    return ImmutableLongArray.builder().add(first).addAll(rest).build();
  }

  /** Explicit where the sizes are known, because TensorRT's other modes differ in details. */
  private static Padding padding(Value x, Window window) {
    boolean known = true;
    for (int i = 0; i < window.rank(); i++) {
      known &= x.dim(i + FIRST).value().isPresent();
    }
    if (window.mode() == Window.Padding.EXPLICIT) {
      return new Padding(PaddingMode.EXPLICIT_ROUND_DOWN, window.before(), window.after());
    }
    return known ? knownPadding(x, window) : openPadding(window);
  }

  private static Padding knownPadding(Value x, Window window) {
    ImmutableLongArray.Builder before = ImmutableLongArray.builder();
    ImmutableLongArray.Builder after = ImmutableLongArray.builder();
    for (int i = 0; i < window.rank(); i++) {
      long size = x.dim(i + FIRST).value().orElseThrow();
      before.add(window.before(i, size));
      after.add(
          window.mode() == Window.Padding.EXPLICIT_ROUND_UP
              ? roundedUp(window, i, size)
              : window.after(i, size));
    }
    return new Padding(PaddingMode.EXPLICIT_ROUND_DOWN, before.build(), after.build());
  }

  /** As much padding behind as the last position reads. */
  private static long roundedUp(Window window, int i, long size) {
    long stride = window.strides().get(i);
    long front = window.before().get(i);
    long room = size + front + window.after().get(i) - window.extent(i);
    long startingInside = (size + front + stride - 1) / stride;
    long positions = Math.min(Math.ceilDiv(room, stride) + 1, startingInside);
    return Math.max(0, (positions - 1) * stride + window.extent(i) - size - front);
  }

  private static Padding openPadding(Window window) {
    ImmutableLongArray none = ImmutableLongArray.copyOf(new long[window.rank()]);
    return switch (window.mode()) {
      case SAME_UPPER -> new Padding(PaddingMode.SAME_UPPER, none, none);
      case SAME_LOWER -> new Padding(PaddingMode.SAME_LOWER, none, none);
      case EXPLICIT, EXPLICIT_ROUND_UP -> {
        for (int i = 0; i < window.rank(); i++) {
          requireStartInside(window, i);
        }
        yield new Padding(PaddingMode.EXPLICIT_ROUND_UP, window.before(), window.after());
      }
    };
  }

  /** TensorRT counts a last position that starts in the padding behind; ONNX does not. */
  private static void requireStartInside(Window window, int i) {
    if (window.after().get(i) + window.strides().get(i) > window.extent(i)) {
      throw new TenrecException(
              ErrorCode.UNSUPPORTED,
              "TensorRT rounds %s up differently where the size is not known".formatted(window))
          .advise("fix the spatial dimensions");
    }
  }

  NetworkTensor expand(NetworkTensor x, Scope in) {
    return line ? in.unsqueeze(x, List.of(FIRST)) : x;
  }

  Tensor expand(Tensor weights) {
    return line
        ? weights.withSizes(
            ImmutableLongArray.of(weights.size(0), weights.size(1), 1, weights.size(2)))
        : weights;
  }

  NetworkTensor restore(NetworkTensor x, Scope in) {
    return line ? in.squeeze(x, List.of(FIRST)) : x;
  }
}
