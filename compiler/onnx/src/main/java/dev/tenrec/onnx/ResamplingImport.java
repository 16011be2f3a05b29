package dev.tenrec.onnx;

import static dev.tenrec.onnx.OperatorTable.since;

import dev.tenrec.ir.Op;
import dev.tenrec.ir.Resampling.Border;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.GridSample;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Resampling.ResizeMode;
import dev.tenrec.ir.Resampling.Rounding;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.onnx.OperatorTable.Result;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/** Resizing and sampling; what the sizes become is in {@link ResizeTarget}. */
final class ResamplingImport {
  /** Some exporters write a vector without elements for what they leave out. */
  private static final Shape EMPTY = Shape.of(0);

  private ResamplingImport() {}

  static void register(OperatorTable on) {
    on.op("Upsample", n -> upsample(n, scalesAttribute(n)));
    on.op("Upsample", since(9), n -> upsample(n, n.constantInput(1).toDoubles()));
    on.op("Resize", n -> upsample(n, n.constantInput(1).toDoubles()));
    on.result("Resize", since(11), ResamplingImport::resize);
    on.op("GridSample", ResamplingImport::gridSample);
    on.result("RoiAlign", RegionImport::roiAlign);
    on.result("RoiAlign", since(16), RegionImport::roiAlign16);
    on.result("AffineGrid", RegionImport::affineGrid);
    on.limit(
        "Resize", "for `antialias`, `tf_crop_and_resize` and kept aspect ratios, sizes are fixed");
    on.limit("RoiAlign", "`sampling_ratio` is given");
  }

  private static double[] scalesAttribute(NodeContext n) {
    List<Float> scales = n.required(n.attributes().numbers("scales"), "scales");
    return scales.stream().mapToDouble(Float::doubleValue).toArray();
  }

  /** Before opset 11: scales only, positions are multiples of them, the nearest lies before. */
  private static Op upsample(NodeContext n, double[] scales) {
    ResizeMode mode =
        new ResizeMode(interpolation(n), Coordinates.ASYMMETRIC, Rounding.FLOOR, -0.75, false);
    return ResizeTarget.allAxes(n).byScales(scales, mode);
  }

  private static Result resize(NodeContext n) {
    ResizeMode mode = mode(n);
    ResizeTarget target = ResizeTarget.of(n);
    boolean antialias = n.flag("antialias", false) && mode.interpolation() != Interpolation.NEAREST;
    Optional<double[]> region =
        isOfRegion(n) ? Optional.of(WeightedResize.region(n, target)) : Optional.empty();
    if (!antialias && region.isEmpty()) {
      n.attributes().ignore("extrapolation_value");
      return Result.of(resize(n, target, mode, n::input));
    }
    Resize resize = resize(n, target, mode, i -> Terms.constant(n.constantInput(i)));
    return Result.of(new WeightedResize(n, resize, antialias, region).value());
  }

  private static Resize resize(
      NodeContext n, ResizeTarget target, ResizeMode mode, IntFunction<Value> input) {
    String policy = n.textAttribute("keep_aspect_ratio_policy", "stretch");
    boolean sized = n.optionalInput(3).filter(given -> !given.shape().equals(EMPTY)).isPresent();
    if (!sized) {
      return target.byScales(scales(n), mode);
    }
    return policy.equals("stretch")
        ? new Resize(n.input(0), target.sizes(input.apply(3)), Optional.empty(), mode)
        : target.keepingAspect(n.constantInput(3).toLongs(), largestThatFits(n, policy), mode);
  }

  private static boolean isOfRegion(NodeContext n) {
    return n.textAttribute("coordinate_transformation_mode", "").equals("tf_crop_and_resize");
  }

  private static double[] scales(NodeContext n) {
    Tensor scales = n.constantInput(2);
    if (scales.count() == 0) {
      throw n.invalid("neither scales nor sizes are given");
    }
    return scales.toDoubles();
  }

  private static boolean largestThatFits(NodeContext n, String policy) {
    return switch (policy) {
      case "not_larger" -> true;
      case "not_smaller" -> false;
      default -> throw n.invalid("keep_aspect_ratio_policy is '%s'".formatted(policy));
    };
  }

  private static ResizeMode mode(NodeContext n) {
    return new ResizeMode(
        interpolation(n),
        coordinates(n),
        rounding(n),
        n.floatAttribute("cubic_coeff_a", -0.75),
        n.flag("exclude_outside", false));
  }

  private static Interpolation interpolation(NodeContext n) {
    String mode = n.textAttribute("mode", "nearest");
    return switch (mode) {
      case "nearest" -> Interpolation.NEAREST;
      case "linear", "bilinear" -> Interpolation.LINEAR;
      case "cubic", "bicubic" -> Interpolation.CUBIC;
      default -> throw n.invalid("mode is '%s'".formatted(mode));
    };
  }

  private static Coordinates coordinates(NodeContext n) {
    String mode = n.textAttribute("coordinate_transformation_mode", "half_pixel");
    return switch (mode) {
      case "half_pixel" -> Coordinates.HALF_PIXEL;
      case "half_pixel_symmetric" -> Coordinates.HALF_PIXEL_SYMMETRIC;
      case "pytorch_half_pixel" -> Coordinates.PYTORCH_HALF_PIXEL;
      case "align_corners" -> Coordinates.ALIGN_CORNERS;
      case "asymmetric" -> Coordinates.ASYMMETRIC;
      // Positions in a region do not depend on it.
      case "tf_crop_and_resize" -> Coordinates.ALIGN_CORNERS;
      default -> throw n.invalid("coordinate_transformation_mode is '%s'".formatted(mode));
    };
  }

  private static Rounding rounding(NodeContext n) {
    String mode = n.textAttribute("nearest_mode", "round_prefer_floor");
    return switch (mode) {
      case "round_prefer_floor" -> Rounding.HALF_DOWN;
      case "round_prefer_ceil" -> Rounding.HALF_UP;
      case "floor" -> Rounding.FLOOR;
      case "ceil" -> Rounding.CEIL;
      default -> throw n.invalid("nearest_mode is '%s'".formatted(mode));
    };
  }

  private static Op gridSample(NodeContext n) {
    String mode = n.textAttribute("mode", "linear");
    Interpolation interpolation =
        switch (mode) {
          case "linear", "bilinear" -> Interpolation.LINEAR;
          case "nearest" -> Interpolation.NEAREST;
          case "cubic", "bicubic" -> Interpolation.CUBIC;
          default -> throw n.invalid("mode is '%s'".formatted(mode));
        };
    String padding = n.textAttribute("padding_mode", "zeros");
    Border border =
        switch (padding) {
          case "zeros" -> Border.ZEROS;
          case "border" -> Border.BORDER;
          case "reflection" -> Border.REFLECTION;
          default -> throw n.invalid("padding_mode is '%s'".formatted(padding));
        };
    boolean alignCorners = n.flag("align_corners", false);
    return new GridSample(n.input(0), n.input(1), interpolation, border, alignCorners);
  }
}
