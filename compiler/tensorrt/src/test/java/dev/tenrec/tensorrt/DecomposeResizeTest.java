package dev.tenrec.tensorrt;

import static dev.tenrec.ir.Terms.vector;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Resampling.ResizeMode;
import dev.tenrec.ir.Resampling.Rounding;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Resizes that TensorRT has no layer for, computed by the layers that they become. */
class DecomposeResizeTest {

  private static ResizeMode mode(
      Interpolation interpolation, Coordinates coordinates, boolean excludeOutside) {
    return new ResizeMode(interpolation, coordinates, Rounding.HALF_DOWN, -0.6, excludeOutside);
  }

  @Property(tries = 40)
  void byScales(
      @ForAll Interpolation interpolation,
      @ForAll Coordinates coordinates,
      @ForAll boolean excludeOutside,
      @ForAll @DoubleRange(min = 0.4, max = 2.5) double scale,
      @ForAll boolean up) {
    ResizeMode mode = mode(interpolation, coordinates, excludeOutside);
    long size = (long) Math.floor(5 * scale) + (up ? 1 : 0);
    LoweringCheck.checkKnown(
        v ->
            new Resize(
                v.getFirst(),
                vector(2, size, 3),
                Optional.of(ImmutableDoubleArray.of(1, scale, 1)),
                mode),
        Tensors.random(1, 2, 5, 3));
  }

  @Property(tries = 40)
  void anyAxes(
      @ForAll Interpolation interpolation,
      @ForAll @IntRange(max = 3) int axis,
      @ForAll @IntRange(min = 1, max = 6) int size) {
    long[] sizes = {4, 3, 3, 2};
    sizes[axis] = size;
    ResizeMode mode = mode(interpolation, Coordinates.ALIGN_CORNERS, false);
    LoweringCheck.checkKnown(
        v -> new Resize(v.getFirst(), vector(sizes), Optional.empty(), mode),
        Tensors.random(1, 4, 3, 3, 2));
  }

  @Test
  void nearestOfLargeIntegers() {
    Tensor x = Tensor.ofLongs(ElementType.INT64, Tensors.sizes(3), i -> (1L << 60) + i);
    ResizeMode mode = mode(Interpolation.NEAREST, Coordinates.ASYMMETRIC, false);
    LoweringCheck.checkKnown(v -> new Resize(v.getFirst(), vector(7), Optional.empty(), mode), x);
  }

  @Test
  void infinityStaysWhereItCounts() {
    Tensor x = Tensors.floats(1, Double.POSITIVE_INFINITY, 2, 3);
    ResizeMode mode = mode(Interpolation.LINEAR, Coordinates.HALF_PIXEL_SYMMETRIC, false);
    LoweringCheck.checkKnown(v -> new Resize(v.getFirst(), vector(8), Optional.empty(), mode), x);
  }

  @ParameterizedTest
  @CsvSource({
    "half_pixel, 4, 2.0, false",
    "half_pixel, 5, 2.0, true",
    "half_pixel_symmetric, 4, 2.0, true",
  })
  void leavesWhatHasALayer(String coordinates, long size, double scale, boolean decomposed) {
    Graph graph =
        GraphParser.parse(
            """
            g (float[1,2] x) => (float[1,%d] y) {
              to = Constant<value=int64[2] {1, %d}>()
              y = Resize<scales=[1.0,%s], interpolation=linear, coordinates=%s>(x, to)
            }
            """
                .formatted(size, size, scale, coordinates));
    boolean resizes =
        Legalization.EXACT.run(graph).nodes().stream()
            .anyMatch(node -> node.op() instanceof Resize);
    assertThat(resizes).isEqualTo(!decomposed);
  }
}
