package dev.tenrec.tensorrt;

import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.tensorrt.layer.MovementLayer.SampleMode;
import dev.tenrec.tensorrt.layer.NetworkTensor;
import dev.tenrec.tensorrt.layer.SamplingLayer;
import dev.tenrec.tensorrt.layer.SamplingLayer.CoordinateTransformation;
import dev.tenrec.tensorrt.layer.SamplingLayer.InterpolationMode;
import dev.tenrec.tensorrt.layer.SamplingLayer.RoundMode;
import dev.tenrec.tensorrt.layer.SamplingLayer.Selector;
import dev.tenrec.tensorrt.layer.Vector;
import java.util.Optional;
import java.util.OptionalLong;

/** Lowers {@link Resampling}. */
final class ResamplingLowering {
  private ResamplingLowering() {}

  static NetworkTensor lower(Resampling op, Value result, Scope in) {
    return switch (op) {
      case Resampling.Resize resize -> resize(resize, result, in);
      case Resampling.GridSample(
              Value x,
              Value grid,
              var interpolation,
              var border,
              boolean alignCorners) ->
          in.add(
              new SamplingLayer.GridSample(
                  in.of(x), in.of(grid), mode(interpolation), alignCorners, mode(border)));
    };
  }

  private static NetworkTensor resize(Resampling.Resize op, Value result, Scope in) {
    NetworkTensor operand = in.of(op.x());
    NetworkTensor x =
        operand.elementType().isFloating() ? operand : in.cast(operand, ElementType.FLOAT32);
    boolean byScales = op.scales().isPresent();
    refuseRoundedSizes(op, result);
    refuseRoundedCorners(op, result);
    Optional<Vector> size = byScales ? Optional.empty() : Optional.of(size(op, result, in));
    NetworkTensor resized = in.add(new SamplingLayer.Resize(x, size, op.scales(), mode(op.mode())));
    return in.cast(resized, operand.elementType());
  }

  /** TensorRT rounds scaled sizes down. */
  private static void refuseRoundedSizes(Resampling.Resize op, Value result) {
    for (int axis = 0; op.scales().isPresent() && axis < result.rank(); axis++) {
      OptionalLong from = op.x().dim(axis).value();
      OptionalLong to = result.dim(axis).value();
      double scale = op.scales().get().get(axis);
      if (from.isPresent()
          && to.isPresent()
          && to.getAsLong() != (long) Math.floor((float) (from.getAsLong() * scale))) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "TensorRT cannot resize %d to %d elements by %s"
                    .formatted(from.getAsLong(), to.getAsLong(), scale))
            .advise("resize to sizes, or by scales that give whole sizes");
      }
    }
  }

  /** TensorRT takes the distance of corners from the rounded sizes, ONNX from the exact ones. */
  private static void refuseRoundedCorners(Resampling.Resize op, Value result) {
    boolean aligned = op.mode().coordinates() == Coordinates.ALIGN_CORNERS;
    for (int axis = 0; aligned && op.scales().isPresent() && axis < result.rank(); axis++) {
      OptionalLong from = op.x().dim(axis).value();
      double scale = op.scales().get().get(axis);
      double factor = from.isPresent() ? scale * from.getAsLong() : scale;
      if (factor != Math.rint(factor)) {
        throw new TenrecException(
                ErrorCode.UNSUPPORTED,
                "TensorRT cannot align the corners of %s resized by %s"
                    .formatted(op.x().type(), scale))
            .advise("resize to sizes, by whole scales, or give the model fixed sizes");
      }
    }
  }

  private static Vector size(Resampling.Resize op, Value result, Scope in) {
    return result.shape().dims().stream().allMatch(in::isComputable)
        ? in.vector(result.shape().dims())
        : new Vector.Computed(in.of(op.sizes()));
  }

  private static SamplingLayer.ResizeMode mode(Resampling.ResizeMode mode) {
    CoordinateTransformation coordinates =
        switch (mode.coordinates()) {
          case HALF_PIXEL, PYTORCH_HALF_PIXEL -> CoordinateTransformation.HALF_PIXEL;
          case ALIGN_CORNERS -> CoordinateTransformation.ALIGN_CORNERS;
          case ASYMMETRIC -> CoordinateTransformation.ASYMMETRIC;
          case HALF_PIXEL_SYMMETRIC ->
              throw new TenrecException(
                  ErrorCode.UNSUPPORTED, "TensorRT cannot resize with half_pixel_symmetric");
        };
    boolean upper = mode.coordinates() == Coordinates.PYTORCH_HALF_PIXEL;
    return new SamplingLayer.ResizeMode(
        mode(mode.interpolation()),
        coordinates,
        upper ? Selector.UPPER : Selector.FORMULA,
        mode(mode.rounding()),
        mode.cubicCoefficient(),
        mode.excludeOutside());
  }

  private static RoundMode mode(Resampling.Rounding rounding) {
    return switch (rounding) {
      case HALF_DOWN -> RoundMode.HALF_DOWN;
      case HALF_UP -> RoundMode.HALF_UP;
      case FLOOR -> RoundMode.FLOOR;
      case CEIL -> RoundMode.CEIL;
    };
  }

  private static InterpolationMode mode(Resampling.Interpolation interpolation) {
    return switch (interpolation) {
      case NEAREST -> InterpolationMode.NEAREST;
      case LINEAR -> InterpolationMode.LINEAR;
      case CUBIC -> InterpolationMode.CUBIC;
    };
  }

  private static SampleMode mode(Resampling.Border border) {
    return switch (border) {
      case ZEROS -> SampleMode.FILL;
      case BORDER -> SampleMode.CLAMP;
      case REFLECTION -> SampleMode.REFLECT;
    };
  }
}
