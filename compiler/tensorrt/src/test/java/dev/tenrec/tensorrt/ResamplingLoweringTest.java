package dev.tenrec.tensorrt;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Resampling;
import dev.tenrec.ir.Resampling.Border;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Rounding;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class ResamplingLoweringTest {
  @Property(tries = 60)
  void resize(
      @ForAll Interpolation interpolation,
      @ForAll Coordinates coordinates,
      @ForAll Rounding rounding,
      @ForAll @IntRange(min = 1, max = 7) int height,
      @ForAll @IntRange(min = 1, max = 7) int width) {
    if (coordinates == Coordinates.HALF_PIXEL_SYMMETRIC) {
      return;
    }
    Resampling.ResizeMode mode =
        new Resampling.ResizeMode(interpolation, coordinates, rounding, -0.75, false);
    LoweringCheck.checkKnown(
        x ->
            new Resampling.Resize(
                x.getFirst(), Terms.vector(1, 2, height, width), Optional.empty(), mode),
        Tensors.random(1, 1, 2, 4, 4));
  }

  @Test
  void resizeByScales() {
    Resampling.ResizeMode mode =
        new Resampling.ResizeMode(
            Interpolation.LINEAR, Coordinates.HALF_PIXEL, Rounding.HALF_DOWN, 0, false);
    LoweringCheck.checkKnown(
        x ->
            new Resampling.Resize(
                x.getFirst(),
                Terms.vector(1, 2, 10, 6),
                Optional.of(ImmutableDoubleArray.of(1, 1, 2.6, 1.5)),
                mode),
        Tensors.random(1, 1, 2, 4, 4));
  }

  @ParameterizedTest
  @EnumSource
  void gridSample(Border border) {
    for (Interpolation interpolation : Interpolation.values()) {
      Tensor grid =
          Tensor.ofDoubles(ElementType.FLOAT32, Tensors.sizes(1, 3, 5, 2), i -> Math.sin(i) * 1.2);
      LoweringCheck.checkKnown(
          x -> new Resampling.GridSample(x.get(0), x.get(1), interpolation, border, true),
          Tensors.random(1, 1, 2, 4, 4),
          grid);
    }
  }
}
