package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.evaluate;
import static dev.tenrec.ir.interpret.Evaluation.failure;
import static dev.tenrec.ir.testing.Tensors.assertClose;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.random;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.data.Offset.offset;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Convolution.ConvTranspose;
import dev.tenrec.ir.Elementwise.ActivationFunction;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.Window.Padding;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.util.Optional;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class ConvolutionTest {
  /** The geometry of one spatial dimension. */
  record Line(int kernel, int stride, int dilation, int before, int after) {
    int steps(int size) {
      return Math.floorDiv(size + before + after - (kernel - 1) * dilation - 1, stride) + 1;
    }
  }

  @Provide
  Arbitrary<Line> lines() {
    return Combinators.combine(
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(1, 3),
            Arbitraries.integers().between(1, 2),
            Arbitraries.integers().between(0, 2),
            Arbitraries.integers().between(0, 2))
        .as(Line::new);
  }

  private static Window window(Line rows, Line columns) {
    return new Window(
        ImmutableLongArray.of(rows.kernel, columns.kernel),
        ImmutableLongArray.of(rows.stride, columns.stride),
        ImmutableLongArray.of(rows.dilation, columns.dilation),
        ImmutableLongArray.of(rows.before, columns.before),
        ImmutableLongArray.of(rows.after, columns.after),
        Padding.EXPLICIT);
  }

  private static Tensor conv(Tensor x, Tensor weights, Window window, int groups) {
    return evaluate(
        v -> new Conv(v.get(0), v.get(1), Optional.empty(), window, groups), x, weights);
  }

  private static Tensor doubles(long seed, long... sizes) {
    return random(TensorType.of(ElementType.FLOAT64, sizes), seed);
  }

  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void isTheSumOverItsDefinition(
      @ForAll("lines") Line rows,
      @ForAll("lines") Line columns,
      @ForAll @IntRange(min = 1, max = 7) int height,
      @ForAll @IntRange(min = 1, max = 7) int width,
      @ForAll @IntRange(min = 1, max = 3) int groups) {
    Assume.that(rows.steps(height) > 0 && columns.steps(width) > 0);
    Tensor x = doubles(1, 2, 2L * groups, height, width);
    Tensor w = doubles(2, 3L * groups, 2, rows.kernel, columns.kernel);
    Tensor actual = conv(x, w, window(rows, columns), groups);
    Tensor expected =
        Tensor.ofDoubles(
            ElementType.FLOAT64,
            sizes(2, 3L * groups, rows.steps(height), columns.steps(width)),
            i -> at(x, w, i, rows, columns));
    assertClose(actual, expected, 1e-12, 1e-12);
  }

  /** One element of the result. */
  private static double at(Tensor x, Tensor w, int i, Line rows, Line columns) {
    int height = (int) x.size(2);
    int width = (int) x.size(3);
    int channel = i / columns.steps(width) / rows.steps(height) % (int) w.size(0);
    int sample = i / columns.steps(width) / rows.steps(height) / (int) w.size(0);
    int row = i / columns.steps(width) % rows.steps(height);
    int column = i % columns.steps(width);
    double sum = 0;
    for (int c = 0; c < 2; c++) {
      for (int r = 0; r < rows.kernel; r++) {
        for (int s = 0; s < columns.kernel; s++) {
          int h = row * rows.stride + r * rows.dilation - rows.before;
          int v = column * columns.stride + s * columns.dilation - columns.before;
          if (h >= 0 && h < height && v >= 0 && v < width) {
            long plane = sample * x.size(1) + channel / 3 * 2L + c;
            sum +=
                w.getDouble(((channel * 2L + c) * rows.kernel + r) * columns.kernel + s)
                    * x.getDouble((plane * height + h) * width + v);
          }
        }
      }
    }
    return sum;
  }

  /** {@code <conv(x), y> = <x, conv transposed(y)>} for all x and y. */
  @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
  void transposedIsTheAdjoint(
      @ForAll("lines") Line rows,
      @ForAll("lines") Line columns,
      @ForAll @IntRange(min = 1, max = 8) int height,
      @ForAll @IntRange(min = 1, max = 8) int width,
      @ForAll @IntRange(min = 1, max = 3) int groups) {
    Assume.that(rows.steps(height) > 0 && columns.steps(width) > 0);
    Window window = window(rows, columns);
    Tensor x = doubles(1, 2, 2L * groups, height, width);
    Tensor w = doubles(2, 3L * groups, 2, rows.kernel, columns.kernel);
    Tensor forward = conv(x, w, window, groups);
    Tensor y = doubles(3, forward.sizes().toArray());
    ImmutableLongArray outputPadding =
        ImmutableLongArray.of(missing(rows, height), missing(columns, width));
    Tensor backward =
        evaluate(
            v ->
                new ConvTranspose(
                    v.get(0), v.get(1), Optional.empty(), window, groups, outputPadding),
            y,
            w);
    assertThat(backward.sizes()).isEqualTo(x.sizes());
    assertThat(dot(x, backward)).isCloseTo(dot(forward, y), offset(1e-10));
  }

  /** The elements at the end that no position of the window reaches. */
  private static int missing(Line line, int size) {
    return size
        + line.before
        + line.after
        - (line.kernel - 1) * line.dilation
        - 1
        - (line.steps(size) - 1) * line.stride;
  }

  private static double dot(Tensor a, Tensor b) {
    double sum = 0;
    for (int i = 0; i < a.count(); i++) {
      sum += a.getDouble(i) * b.getDouble(i);
    }
    return sum;
  }

  @Test
  void worksInOneAndThreeDimensions() {
    Tensor x = floats(sizes(1, 1, 4), 1, 2, 3, 4);
    Tensor w = floats(sizes(1, 1, 2), 10, 1);
    assertThat(conv(x, w, Window.of(2), 1)).isEqualTo(floats(sizes(1, 1, 3), 12, 23, 34));
    Tensor cube = random(5, 1, 2, 3, 4, 4);
    Tensor kernel = random(6, 3, 2, 1, 2, 2);
    Tensor whole = conv(cube, kernel, Window.of(1, 2, 2), 1);
    assertThat(whole.sizes()).isEqualTo(sizes(1, 3, 3, 3, 3));
    for (int depth = 0; depth < 3; depth++) {
      int layer = depth;
      Tensor slice =
          Tensor.ofDoubles(
              ElementType.FLOAT32,
              sizes(1, 2, 4, 4),
              i -> cube.getDouble(i / 16 * 48 + layer * 16 + i % 16));
      Tensor flat = conv(slice, kernel.withSizes(sizes(3, 2, 2, 2)), Window.of(2, 2), 1);
      for (int i = 0; i < flat.count(); i++) {
        assertThat(whole.getDouble(i / 9 * 27 + layer * 9 + i % 9)).isEqualTo(flat.getDouble(i));
      }
    }
  }

  @Test
  void sameModesPutTheOddElementBehindOrInFront() {
    Tensor x = floats(sizes(1, 1, 4), 1, 2, 3, 4);
    Tensor w = floats(sizes(1, 1, 2), 1, 1);
    assertThat(conv(x, w, same(Padding.SAME_UPPER, 1), 1))
        .isEqualTo(floats(sizes(1, 1, 4), 3, 5, 7, 4));
    assertThat(conv(x, w, same(Padding.SAME_LOWER, 1), 1))
        .isEqualTo(floats(sizes(1, 1, 4), 1, 3, 5, 7));
    assertThat(conv(x, w, same(Padding.SAME_UPPER, 3), 1)).isEqualTo(floats(sizes(1, 1, 2), 3, 4));
  }

  private static Window same(Padding mode, long stride) {
    ImmutableLongArray one = ImmutableLongArray.of(1);
    return new Window(ImmutableLongArray.of(2), ImmutableLongArray.of(stride), one, one, one, mode);
  }

  @Test
  void activationIsThatOfTheSums() {
    var limited = new ActivationFunction(ActivationKind.CLIP, 0, 2.5);
    assertThat(
            evaluate(
                v ->
                    new Conv(v.get(0), v.get(1), Optional.empty(), Window.of(1), 1)
                        .withActivation(limited),
                floats(sizes(1, 1, 3), -1, 1, 2),
                floats(sizes(1, 1, 1), 2)))
        .isEqualTo(floats(sizes(1, 1, 3), 0, 2, 2.5f));
  }

  @Test
  void biasIsAddedPerChannel() {
    Tensor x = floats(sizes(2, 1, 2), 1, 2, 3, 4);
    Tensor w = floats(sizes(2, 1, 1), 1, -1);
    Tensor bias = floats(10, 20);
    assertThat(
            evaluate(
                v -> new Conv(v.get(0), v.get(1), Optional.of(v.get(2)), Window.of(1), 1),
                x,
                w,
                bias))
        .isEqualTo(floats(sizes(2, 2, 2), 11, 12, 19, 18, 13, 14, 17, 16));
    assertThat(
            evaluate(
                v ->
                    new ConvTranspose(
                        v.get(0),
                        v.get(1),
                        Optional.of(v.get(2)),
                        Window.of(1),
                        1,
                        ImmutableLongArray.of(0)),
                floats(sizes(1, 1, 2), 1, 2),
                floats(sizes(1, 2, 1), 1, -1),
                bias))
        .isEqualTo(floats(sizes(1, 2, 2), 11, 12, 19, 18));
  }

  @Test
  void emptyBatchesAndChannelsGiveEmptyResultsOrTheBias() {
    Tensor w = random(1, 3, 2, 1, 1);
    assertThat(conv(random(1, 0, 2, 4, 4), w, Window.of(1, 1), 1).sizes())
        .isEqualTo(sizes(0, 3, 4, 4));
    Tensor none = conv(random(1, 1, 0, 2, 2), random(1, 3, 0, 1, 1), Window.of(1, 1), 1);
    assertThat(none).isEqualTo(Tensor.ofDoubles(ElementType.FLOAT32, sizes(1, 3, 2, 2), _ -> 0));
  }

  @Test
  void whatDoesNotFitIsInvalidInput() {
    Tensor w = random(1, 3, 2, 3, 3);
    assertThat(
            failure(
                v -> new Conv(v.get(0), v.get(1), Optional.empty(), Window.of(3, 3), 1),
                random(2, 1, 2, 2, 8),
                w))
        .hasMessageContaining("larger than the padded size 2")
        .extracting(e -> e.code())
        .isEqualTo(ErrorCode.INVALID_INPUT);
    assertThat(
            failure(
                v -> new Conv(v.get(0), v.get(1), Optional.empty(), Window.of(3, 3), 1),
                random(2, 1, 5, 8, 8),
                w))
        .hasMessageContaining("do not fit float[1, 5, 8, 8]");
  }
}
