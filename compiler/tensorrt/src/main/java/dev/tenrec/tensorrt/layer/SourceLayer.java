package dev.tenrec.tensorrt.layer;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;

/** Layers that make tensors out of nothing but sizes and scalars. */
public sealed interface SourceLayer extends Layer {
  /** A tensor that is part of the network. */
  record Constant(Tensor tensor) implements SourceLayer {}

  /** The sizes of x, int64 [rank]. */
  record Shape(NetworkTensor x) implements SourceLayer {}

  /**
   * {@code start + sum(step[i] * position[i])} at each position.
   *
   * @param dims the sizes of the result
   * @param start scalar of the given type
   * @param step one entry per dimension, of the given type
   * @param type float, int32 or int64
   */
  record FillLinspace(Vector dims, NetworkTensor start, NetworkTensor step, ElementType type)
      implements SourceLayer {}
}
