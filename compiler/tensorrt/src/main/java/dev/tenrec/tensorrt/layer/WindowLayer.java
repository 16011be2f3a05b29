package dev.tenrec.tensorrt.layer;

import com.google.common.primitives.ImmutableLongArray;
import java.util.Optional;

/** Layers that move a window over the last two or three dimensions of [N, C, spatial...]. */
public sealed interface WindowLayer extends Layer {

  /** TensorRT's {@code PaddingMode}. */
  enum PaddingMode {
    /** As given; positions that do not fit are dropped. */
    EXPLICIT_ROUND_DOWN,
    /** As given; a last position that fits only in part counts. */
    EXPLICIT_ROUND_UP,
    /** Found such that there are {@code ceil(size / stride)} positions, the odd element behind. */
    SAME_UPPER,
    /** As {@link #SAME_UPPER}, with the odd element in front. */
    SAME_LOWER
  }

  /**
   * The padding of each spatial dimension.
   *
   * @param before elements in front; 0 unless the mode is explicit
   * @param after elements behind; 0 unless the mode is explicit
   */
  record Padding(PaddingMode mode, ImmutableLongArray before, ImmutableLongArray after) {}

  /**
   * Cross-correlation.
   *
   * @param kernel [K, C / groups, window...]
   * @param bias [K]; none for no bias
   */
  record Convolution(
      NetworkTensor x,
      Coefficients kernel,
      Optional<Coefficients> bias,
      ImmutableLongArray stride,
      ImmutableLongArray dilation,
      Padding padding,
      long groups)
      implements WindowLayer {}

  /**
   * Transposed convolution; padding is taken away from the result.
   *
   * @param kernel [C, K / groups, window...]
   * @param bias [K]; none for no bias
   */
  record Deconvolution(
      NetworkTensor x,
      Coefficients kernel,
      Optional<Coefficients> bias,
      ImmutableLongArray stride,
      ImmutableLongArray dilation,
      Padding padding,
      long groups)
      implements WindowLayer {}

  /** TensorRT's {@code PoolingType}. */
  enum PoolingType {
    MAX,
    AVERAGE
  }

  /**
   * A reduction of each window.
   *
   * @param excludePadding whether an average is over the elements that are not padding
   */
  record Pooling(
      NetworkTensor x,
      PoolingType type,
      ImmutableLongArray window,
      ImmutableLongArray stride,
      Padding padding,
      boolean excludePadding)
      implements WindowLayer {}
}
