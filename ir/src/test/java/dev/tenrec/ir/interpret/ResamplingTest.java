package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.counting;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.random;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.common.primitives.ImmutableDoubleArray;
import dev.tenrec.ir.Resampling.Border;
import dev.tenrec.ir.Resampling.Coordinates;
import dev.tenrec.ir.Resampling.GridSample;
import dev.tenrec.ir.Resampling.Interpolation;
import dev.tenrec.ir.Resampling.Resize;
import dev.tenrec.ir.Resampling.ResizeMode;
import dev.tenrec.ir.Resampling.Rounding;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResamplingTest {
  private static ResizeMode mode(Interpolation interpolation, Coordinates coordinates) {
    return new ResizeMode(interpolation, coordinates, Rounding.HALF_DOWN, -0.75, false);
  }

  private static Tensor resize(Tensor x, ResizeMode mode, long... newSizes) {
    return evaluate(
        v -> new Resize(v.get(0), v.get(1), Optional.empty(), mode), x, Tensor.ofLongs(newSizes));
  }

  private static Tensor scale(Tensor x, ResizeMode mode, long newSize, double scale) {
    return evaluate(
        v -> new Resize(v.get(0), v.get(1), Optional.of(ImmutableDoubleArray.of(scale)), mode),
        x,
        Tensor.ofLongs(newSize));
  }

  private static double[] numbers(String text) {
    return Arrays.stream(text.split(" ")).mapToDouble(Double::parseDouble).toArray();
  }

  /** Positions by hand from ONNX's formulas. */
  @ParameterizedTest
  @CsvSource({
    "HALF_PIXEL, 4, 8, 0 0.25 0.75 1.25 1.75 2.25 2.75 3",
    "HALF_PIXEL, 4, 2, 0.5 2.5",
    "HALF_PIXEL, 4, 1, 1.5",
    "PYTORCH_HALF_PIXEL, 4, 1, 0",
    "PYTORCH_HALF_PIXEL, 4, 2, 0.5 2.5",
    "ALIGN_CORNERS, 4, 7, 0 0.5 1 1.5 2 2.5 3",
    "ALIGN_CORNERS, 4, 1, 0",
    "ASYMMETRIC, 4, 8, 0 0.5 1 1.5 2 2.5 3 3",
    "ASYMMETRIC, 4, 3, 0 1.3333333 2.6666667",
    "HALF_PIXEL_SYMMETRIC, 4, 2, 0.5 2.5",
  })
  void linearInterpolationShowsThePositions(
      Coordinates coordinates, int from, int to, String positions) {
    Tensor ramp = counting(ElementType.FLOAT32, from);
    assertClose(
        resize(ramp, mode(Interpolation.LINEAR, coordinates), to),
        floats(numbers(positions)),
        1e-6,
        1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "HALF_PIXEL, 4, 2, 0.6, 0.3333333 2",
    "ALIGN_CORNERS, 4, 2, 0.6, 0 2.1428571",
    "HALF_PIXEL_SYMMETRIC, 4, 2, 0.6, 0.6666667 2.3333333",
    "ASYMMETRIC, 4, 2, 0.6, 0 1.6666667"
  })
  void givenScalesDecideThePositions(
      Coordinates coordinates, int from, int to, double scale, String positions) {
    Tensor ramp = counting(ElementType.FLOAT32, from);
    assertClose(
        scale(ramp, mode(Interpolation.LINEAR, coordinates), to, scale),
        floats(numbers(positions)),
        1e-6,
        1e-6);
  }

  @ParameterizedTest
  @CsvSource({
    "HALF_DOWN, 0 0 1 1 2 2",
    "HALF_UP, 0 1 1 2 2 2",
    "FLOOR, 0 0 1 1 2 2",
    "CEIL, 0 1 1 2 2 2"
  })
  void nearestRoundsAsTold(Rounding rounding, String expected) {
    ResizeMode mode =
        new ResizeMode(Interpolation.NEAREST, Coordinates.ASYMMETRIC, rounding, 0, false);
    Tensor x = counting(ElementType.INT4, 3);
    assertThat(resize(x, mode, 6).toDoubles()).isEqualTo(numbers(expected));
  }

  /** Positions that are whole numbers must not be missed by the division. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void nearestFindsEveryElementOfAMultiple(
      @ForAll @IntRange(min = 1, max = 40) int from,
      @ForAll @IntRange(min = 1, max = 13) int factor) {
    ResizeMode mode =
        new ResizeMode(Interpolation.NEAREST, Coordinates.ASYMMETRIC, Rounding.FLOOR, 0, false);
    Tensor large = counting(ElementType.INT32, (long) from * factor);
    Tensor small = resize(large, mode, from);
    for (int i = 0; i < from; i++) {
      assertThat(small.getLong(i)).isEqualTo((long) i * factor);
    }
  }

  @Test
  void severalAxesAtOnce() {
    Tensor x = floats(sizes(1, 1, 2, 2), 1, 2, 3, 4);
    assertThat(
            resize(x, mode(Interpolation.NEAREST, Coordinates.HALF_PIXEL), 1, 1, 2, 4).toDoubles())
        .containsExactly(1, 1, 2, 2, 3, 3, 4, 4);
    assertThat(
            resize(x, mode(Interpolation.LINEAR, Coordinates.ALIGN_CORNERS), 1, 1, 3, 3)
                .toDoubles())
        .containsExactly(1, 1.5, 2, 2, 2.5, 3, 3, 3.5, 4);
  }

  /** The shares of four neighbours a quarter of the way, by hand from Keys' polynomials. */
  @Test
  void cubicSharesByHand() {
    double[] shares = {-0.10546875, 0.87890625, 0.26171875, -0.03515625};
    for (int i = 0; i < 4; i++) {
      double[] impulse = new double[8];
      impulse[i + 2] = 1;
      Tensor doubled =
          resize(floats(impulse), mode(Interpolation.CUBIC, Coordinates.HALF_PIXEL), 16);
      assertThat(doubled.getDouble(7)).isEqualTo(shares[i]);
    }
  }

  @Test
  void cubicLeavesOutWhatIsOutside() {
    ResizeMode excluding =
        new ResizeMode(Interpolation.CUBIC, Coordinates.HALF_PIXEL, Rounding.FLOOR, -0.5, true);
    Tensor ones = floats(1, 1, 1);
    assertClose(resize(ones, excluding, 7), floats(1, 1, 1, 1, 1, 1, 1), 1e-6, 0);
    // At -1/4 the elements 0 and 1 have the shares 0.2265625 and -0.0234375, and at 1/4 the
    // elements 0, 1 and 2 have 0.8671875, 0.2265625 and -0.0234375, before all grow to 1.
    Tensor doubled = resize(floats(1, 0, 0, 0), excluding, 8);
    assertThat(doubled.getDouble(0)).isCloseTo(0.8671875 / 0.796875, offset(1e-6));
    assertThat(doubled.getDouble(1)).isCloseTo(0.8671875 / 1.0703125, offset(1e-6));
  }

  @Test
  void resizingToTheSameSizeChangesNothing() {
    Tensor x = random(1, 2, 3, 5);
    for (Interpolation interpolation : Interpolation.values()) {
      for (Coordinates coordinates : Coordinates.values()) {
        assertThat(resize(x, mode(interpolation, coordinates), 2, 3, 5)).isEqualTo(x);
      }
    }
  }

  @Test
  void emptyTensors() {
    ResizeMode linear = mode(Interpolation.LINEAR, Coordinates.HALF_PIXEL);
    assertThat(resize(floats(sizes(0, 2)), linear, 0, 4).sizes()).isEqualTo(sizes(0, 4));
    assertThat(resize(floats(1, 2), linear, 0).sizes()).isEqualTo(sizes(0));
    assertThat(
            failure(
                v -> new Resize(v.get(0), v.get(1), Optional.empty(), linear),
                floats(sizes(0)),
                Tensor.ofLongs(2)))
        .hasMessageContaining("Resize: float[0] has nothing to make [2] of");
  }

  private static Tensor sample(
      Tensor x, Tensor grid, Interpolation interpolation, Border border, boolean alignCorners) {
    return evaluate(
        v -> new GridSample(v.get(0), v.get(1), interpolation, border, alignCorners), x, grid);
  }

  /** The grid whose samples are what resizing to {@code newSizes} gives. */
  private static Tensor grid(Tensor x, boolean alignCorners, long... newSizes) {
    int dimensions = newSizes.length;
    long[] gridSizes = new long[dimensions + 2];
    gridSizes[0] = x.size(0);
    System.arraycopy(newSizes, 0, gridSizes, 1, dimensions);
    gridSizes[dimensions + 1] = dimensions;
    return Tensor.ofDoubles(
        ElementType.FLOAT64,
        sizes(gridSizes),
        i -> {
          int axis = dimensions - 1 - i % dimensions;
          long point = i / dimensions;
          for (int k = dimensions - 1; k > axis; k--) {
            point /= newSizes[k];
          }
          double position = point % newSizes[axis];
          return alignCorners
              ? 2 * position / (newSizes[axis] - 1) - 1
              : (2 * position + 1) / newSizes[axis] - 1;
        });
  }

  @ParameterizedTest
  @CsvSource({"LINEAR, false", "LINEAR, true", "CUBIC, false", "CUBIC, true"})
  void samplingARegularGridIsResizing(Interpolation interpolation, boolean alignCorners) {
    Tensor x = random(3, 2, 3, 4, 5);
    Coordinates coordinates = alignCorners ? Coordinates.ALIGN_CORNERS : Coordinates.HALF_PIXEL;
    assertClose(
        sample(x, grid(x, alignCorners, 7, 9), interpolation, Border.BORDER, alignCorners),
        resize(x, mode(interpolation, coordinates), 2, 3, 7, 9),
        1e-5,
        1e-5);
  }

  @Test
  void samplingWorksInOneAndThreeDimensions() {
    Tensor line = random(3, 2, 3, 4);
    ResizeMode linear = mode(Interpolation.LINEAR, Coordinates.HALF_PIXEL);
    assertClose(
        sample(line, grid(line, false, 6), Interpolation.LINEAR, Border.BORDER, false),
        resize(line, linear, 2, 3, 6),
        1e-5,
        1e-5);
    Tensor cube = random(4, 1, 2, 3, 4, 2);
    assertClose(
        sample(cube, grid(cube, false, 5, 3, 4), Interpolation.LINEAR, Border.BORDER, false),
        resize(cube, linear, 1, 2, 5, 3, 4),
        1e-5,
        1e-5);
    assertThat(sample(cube, grid(cube, true, 3, 4, 2), Interpolation.NEAREST, Border.ZEROS, true))
        .isEqualTo(cube);
  }

  /** Over elements 0, 10, 20, 30; positions are (g + 1) / 2 * 4 - 1/2, or (g + 1) / 2 * 3. */
  @ParameterizedTest
  @CsvSource({
    "LINEAR, ZEROS, false, -1, 0",
    "LINEAR, ZEROS, false, 1, 15",
    "LINEAR, BORDER, false, 1, 30",
    "LINEAR, BORDER, false, -7, 0",
    "LINEAR, REFLECTION, false, 1.25, 30",
    "LINEAR, REFLECTION, false, 1.5, 25",
    "LINEAR, REFLECTION, false, -3, 30",
    "LINEAR, REFLECTION, true, 1.6666666667, 20",
    "LINEAR, REFLECTION, true, -3, 30",
    "LINEAR, ZEROS, true, 1.3333333333, 15",
    "LINEAR, ZEROS, true, 0, 15",
    "NEAREST, ZEROS, true, 0, 20",
    "NEAREST, ZEROS, false, 0.5, 20",
    "NEAREST, ZEROS, false, 2, 0",
    "NEAREST, BORDER, false, 2, 30",
    "NEAREST, REFLECTION, false, 1.75, 20",
    "CUBIC, ZEROS, true, -1, 0",
    "CUBIC, BORDER, true, 1, 30",
    "LINEAR, BORDER, false, 1e300, 30",
    "LINEAR, ZEROS, false, -1e300, 0"
  })
  void bordersByHand(
      Interpolation interpolation, Border border, boolean alignCorners, double g, double expected) {
    Tensor x = floats(sizes(1, 1, 4), 0, 10, 20, 30);
    Tensor grid = floats(sizes(1, 1, 1), g);
    assertThat(sample(x, grid, interpolation, border, alignCorners).getDouble(0))
        .isCloseTo(expected, offset(1e-4));
  }

  @Test
  void gridsMustFit() {
    assertThat(
            failure(
                v -> new GridSample(v.get(0), v.get(1), Interpolation.LINEAR, Border.ZEROS, false),
                random(1, 1, 1, 2, 2),
                random(2, 1, 2, 2, 3)))
        .hasMessageContaining("GridSample: grid float[1, 2, 2, 3] does not fit float[1, 1, 2, 2]");
    assertThat(
            sample(
                    random(1, 1, 2, 3, 3),
                    floats(sizes(1, 0, 2, 2)),
                    Interpolation.LINEAR,
                    Border.ZEROS,
                    false)
                .sizes())
        .isEqualTo(sizes(1, 2, 0, 2));
  }
}
