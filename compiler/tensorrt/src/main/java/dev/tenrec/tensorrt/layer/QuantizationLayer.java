package dev.tenrec.tensorrt.layer;

import dev.tenrec.ir.tensor.ElementType;

/**
 * Layers between floating-point numbers and few bits. There are no zero points.
 *
 * <p>The scale is a scalar or [1], a vector along the axis, or of x's rank for blocks whose sizes
 * follow from both shapes.
 */
public sealed interface QuantizationLayer extends Layer {
  /** The axis of layers with one scale, or with blocks. */
  int NO_AXIS = -1;

  /** The nearest multiple of the scale, saturated. */
  record Quantize(NetworkTensor x, NetworkTensor scale, int axis, ElementType to)
      implements QuantizationLayer {}

  /** x times scale. */
  record Dequantize(NetworkTensor x, NetworkTensor scale, int axis, ElementType to)
      implements QuantizationLayer {}
}
