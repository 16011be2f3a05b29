package dev.tenrec.tensorrt.layer;

import com.google.common.collect.ImmutableList;
import java.util.Optional;

/** Layers that move elements to places that depend on sizes only. */
public sealed interface MovementLayer extends Layer {

  /**
   * A transposition, then a reshape, then another transposition.
   *
   * @param first axis i of the reshape's operand is axis {@code first[i]} of x
   * @param reshape the sizes after the first transposition, one of them may be -1 for what is left
   * @param zeroIsPlaceholder whether 0 in {@code reshape} stands for the size at the same axis
   * @param second as {@code first}, after the reshape
   */
  record Shuffle(
      NetworkTensor x,
      ImmutableList<Integer> first,
      Optional<Vector> reshape,
      boolean zeroIsPlaceholder,
      ImmutableList<Integer> second)
      implements MovementLayer {}

  /** TensorRT's {@code SampleMode}: what a slice reads beyond the bounds. */
  enum SampleMode {
    STRICT_BOUNDS,
    WRAP,
    CLAMP,
    FILL,
    REFLECT
  }

  /**
   * The elements at {@code start + i * stride} for i below {@code size}, along each axis.
   *
   * @param stride may be negative, or 0 to repeat one position
   * @param fill scalar of the type of x for {@link SampleMode#FILL}; none for zero
   */
  record Slice(
      NetworkTensor x,
      Vector start,
      Vector size,
      Vector stride,
      SampleMode mode,
      Optional<NetworkTensor> fill)
      implements MovementLayer {}

  /** Tensors of equal shape but for one axis, one after the other. */
  record Concatenation(ImmutableList<NetworkTensor> inputs, int axis) implements MovementLayer {}
}
