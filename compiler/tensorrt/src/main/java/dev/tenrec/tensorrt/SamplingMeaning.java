package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.tensorrt.layer.MovementLayer.SampleMode;
import dev.tenrec.tensorrt.layer.SamplingLayer;
import dev.tenrec.tensorrt.layer.SamplingLayer.InterpolationMode;
import dev.tenrec.tensorrt.layer.SamplingLayer.Selector;

/** What {@link SamplingLayer}s compute. */
final class SamplingMeaning {
  private SamplingMeaning() {}

  static Value of(SamplingLayer layer, Meaning in) {
    return switch (layer) {
      case SamplingLayer.Resize(var operand, var size, var scales, var mode) -> {
        Value x = in.value(operand);
        Value sizes = size.map(in::value).orElseGet(() -> scaled(x, scales.orElseThrow()));
        yield new Resampling.Resize(x, sizes, scales, mode(mode)).value();
      }
      case SamplingLayer.GridSample(
              var x,
              var grid,
              var interpolation,
              boolean alignCorners,
              var mode) ->
          new Resampling.GridSample(
                  in.value(x),
                  in.value(grid),
                  interpolation(interpolation),
                  border(mode),
                  alignCorners)
              .value();
    };
  }

  /** The sizes of x times the scales, rounded down. */
  private static Value scaled(Value x, ImmutableDoubleArray scales) {
    if (x.shape().sizes().isPresent()) {
      ImmutableLongArray sizes = x.shape().sizes().get();
      return Terms.constant(
          Tensor.ofLongs(
              ElementType.INT64,
              ImmutableLongArray.of(sizes.length()),
              i -> (long) Math.floor(sizes.get(i) * (double) (float) scales.get(i))));
    }
    Value sizes = Terms.cast(Terms.shapeOf(x), ElementType.FLOAT32);
    Tensor factors =
        Tensor.ofDoubles(ElementType.FLOAT32, ImmutableLongArray.of(scales.length()), scales::get);
    Value products = Terms.mul(sizes, Terms.constant(factors));
    return Terms.cast(Terms.unary(UnaryKind.FLOOR, products), ElementType.INT64);
  }

  private static Resampling.ResizeMode mode(SamplingLayer.ResizeMode mode) {
    return new Resampling.ResizeMode(
        interpolation(mode.interpolation()),
        coordinates(mode),
        rounding(mode.rounding()),
        mode.cubicCoefficient(),
        mode.excludeOutside());
  }

  private static Coordinates coordinates(SamplingLayer.ResizeMode mode) {
    return switch (mode.coordinates()) {
      case ALIGN_CORNERS -> Coordinates.ALIGN_CORNERS;
      case ASYMMETRIC -> Coordinates.ASYMMETRIC;
      case HALF_PIXEL ->
          mode.selector() == Selector.UPPER
              ? Coordinates.PYTORCH_HALF_PIXEL
              : Coordinates.HALF_PIXEL;
    };
  }

  private static Resampling.Rounding rounding(SamplingLayer.RoundMode mode) {
    return switch (mode) {
      case HALF_UP -> Resampling.Rounding.HALF_UP;
      case HALF_DOWN -> Resampling.Rounding.HALF_DOWN;
      case FLOOR -> Resampling.Rounding.FLOOR;
      case CEIL -> Resampling.Rounding.CEIL;
    };
  }

  private static Interpolation interpolation(InterpolationMode mode) {
    return switch (mode) {
      case NEAREST -> Interpolation.NEAREST;
      case LINEAR -> Interpolation.LINEAR;
      case CUBIC -> Interpolation.CUBIC;
    };
  }

  private static Resampling.Border border(SampleMode mode) {
    return switch (mode) {
      case FILL -> Resampling.Border.ZEROS;
      case CLAMP -> Resampling.Border.BORDER;
      case REFLECT -> Resampling.Border.REFLECTION;
      case STRICT_BOUNDS, WRAP ->
          throw new TenrecException(
              ErrorCode.UNSUPPORTED, "grid sampling has no mode %s".formatted(mode));
    };
  }
}
