package dev.tenrec.tensorrt.layer;

import com.google.common.primitives.ImmutableDoubleArray;
import java.util.Optional;

/** Layers that read at positions between elements. */
public sealed interface SamplingLayer extends Layer {

  /** TensorRT's {@code InterpolationMode}. */
  enum InterpolationMode {
    NEAREST,
    LINEAR,
    CUBIC
  }

  /** TensorRT's {@code ResizeCoordinateTransformation}. */
  enum CoordinateTransformation {
    ALIGN_CORNERS,
    ASYMMETRIC,
    HALF_PIXEL
  }

  /** TensorRT's {@code ResizeSelector}: which element a result of size 1 reads. */
  enum Selector {
    FORMULA,
    UPPER
  }

  /** TensorRT's {@code ResizeRoundMode}. */
  enum RoundMode {
    HALF_UP,
    HALF_DOWN,
    FLOOR,
    CEIL
  }

  /** The parameters of {@link Resize} that only some modes read. */
  record ResizeMode(
      InterpolationMode interpolation,
      CoordinateTransformation coordinates,
      Selector selector,
      RoundMode rounding,
      double cubicCoefficient,
      boolean excludeOutside) {}

  /**
   * Another size for each dimension.
   *
   * @param size the sizes of the result
   * @param scales instead of {@code size}: factors, and the sizes are rounded down
   */
  record Resize(
      NetworkTensor x,
      Optional<Vector> size,
      Optional<ImmutableDoubleArray> scales,
      ResizeMode mode)
      implements SamplingLayer {}

  /** Elements of x at the positions of a grid. */
  record GridSample(
      NetworkTensor x,
      NetworkTensor grid,
      InterpolationMode interpolation,
      boolean alignCorners,
      MovementLayer.SampleMode mode)
      implements SamplingLayer {}
}
