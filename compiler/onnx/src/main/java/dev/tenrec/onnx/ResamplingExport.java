package dev.tenrec.onnx;

import com.google.common.primitives.ImmutableDoubleArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.GridSample;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Resampling.Rounding;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.IntStream;

/** Reading between elements. */
final class ResamplingExport {
  private ResamplingExport() {}

  static void write(Resampling resampling, NodeExport e) {
    switch (resampling) {
      case Resize op -> resize(op, e);
      case GridSample op ->
          e.op("GridSample")
              .in(op.x())
              .in(op.grid())
              .attribute("mode", mode(op.interpolation()))
              .attribute(
                  "padding_mode",
                  switch (op.border()) {
                    case ZEROS -> "zeros";
                    case BORDER -> "border";
                    case REFLECTION -> "reflection";
                  })
              .attribute("align_corners", op.alignCorners())
              .result();
    }
  }

  /** The operands that become inputs. */
  static List<Value> read(Resampling resampling) {
    return switch (resampling) {
      case Resize op when usesScales(op) -> List.of(op.x());
      case Resize op -> op.operands();
      case GridSample op -> op.operands();
    };
  }

  private static String mode(Interpolation interpolation) {
    return interpolation.name().toLowerCase(Locale.ROOT);
  }

  /** ONNX takes scales or sizes, not both: sizes if the scales are their quotients. */
  private static void resize(Resize op, NodeExport e) {
    NodeExport.Builder builder = e.op("Resize").in(op.x()).in("");
    if (usesScales(op)) {
      checkSizesAreScaled(op, e);
      ImmutableDoubleArray scales = op.scales().orElseThrow();
      Tensor tensor =
          Tensor.ofDoubles(
              ElementType.FLOAT32, ImmutableLongArray.of(scales.length()), scales::get);
      builder.in(e.constant(tensor));
    } else {
      builder.in("").in(e.longs(op.sizes()));
    }
    builder
        .attribute("mode", mode(op.mode().interpolation()))
        .attribute("coordinate_transformation_mode", coordinates(op.mode().coordinates()))
        .attribute("nearest_mode", rounding(op.mode().rounding()))
        .attribute("cubic_coeff_a", (float) op.mode().cubicCoefficient())
        .attribute("exclude_outside", op.mode().excludeOutside())
        .result();
  }

  private static String coordinates(Coordinates coordinates) {
    return coordinates.name().toLowerCase(Locale.ROOT);
  }

  private static String rounding(Rounding rounding) {
    return switch (rounding) {
      case HALF_DOWN -> "round_prefer_floor";
      case HALF_UP -> "round_prefer_ceil";
      case FLOOR -> "floor";
      case CEIL -> "ceil";
    };
  }

  private static boolean usesScales(Resize op) {
    return op.scales().isPresent() && !scalesAreQuotients(op);
  }

  private static boolean scalesAreQuotients(Resize op) {
    return allAxes(
        op, (size, scaled, scale) -> (double) scaled / size == scale, /* whereUnknown= */ false);
  }

  private static void checkSizesAreScaled(Resize op, NodeExport e) {
    boolean fits =
        allAxes(
            op,
            (size, scaled, scale) -> (long) ((float) scale * (float) size) == scaled,
            /* whereUnknown= */ true);
    if (!fits) {
      throw e.unsupported(
              "ONNX has no Resize to %s with scales %s"
                  .formatted(op.sizes().content().orElseThrow(), op.scales().orElseThrow()))
          .advise("give sizes that are the scaled ones, rounded down");
    }
  }

  private interface AxisCheck {
    boolean test(long size, long scaled, double scale);
  }

  private static boolean allAxes(Resize op, AxisCheck check, boolean whereUnknown) {
    Optional<? extends List<Dim>> sizes = op.sizes().content();
    if (sizes.isEmpty()) {
      return whereUnknown;
    }
    return IntStream.range(0, op.x().rank())
        .allMatch(axis -> {
          Dim size = op.x().dim(axis);
          Dim scaled = sizes.get().get(axis);
          double scale = op.scales().orElseThrow().get(axis);
          boolean known = size.value().isPresent() && scaled.value().isPresent();
          return known
              ? check.test(size.value().getAsLong(), scaled.value().getAsLong(), scale)
              : whereUnknown;
        });
  }
}
