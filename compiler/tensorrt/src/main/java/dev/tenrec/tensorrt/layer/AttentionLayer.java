package dev.tenrec.tensorrt.layer;

import java.util.Optional;

/** Layers of transformers. Not in TensorRT 10. */
public sealed interface AttentionLayer extends Layer {

  /** TensorRT's {@code CausalMaskKind}. */
  enum CausalMaskKind {
    NONE,
    UPPER_LEFT,
    LOWER_RIGHT
  }

  /**
   * softmax(Q Kᵀ) V, without a scale. May be made of several kernels.
   *
   * @param queries [B, Nq, Sq, H]
   * @param keys [B, Nkv, Skv, H], with a divisor of Nq
   * @param values [B, Nkv, Skv, H]
   * @param mask booleans of rank 4, true where a key may be attended to; only without causality
   */
  record Attention(
      NetworkTensor queries,
      NetworkTensor keys,
      NetworkTensor values,
      Optional<NetworkTensor> mask,
      CausalMaskKind causal)
      implements AttentionLayer {}

  /**
   * Pairs of elements turned.
   *
   * @param x [B, N, S, H]
   * @param cos [B, S, R / 2] for the first R elements
   * @param sin as cos
   */
  record RotaryEmbedding(
      NetworkTensor x, NetworkTensor cos, NetworkTensor sin, boolean interleaved, int rotated)
      implements AttentionLayer {}
}
