package dev.tenrec.tensorrt;

import static dev.tenrec.ir.Terms.constant;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Convolution;
import dev.tenrec.ir.Elementwise;
import dev.tenrec.ir.Pooling;
import dev.tenrec.ir.Pooling.PoolKind;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.Window;
import dev.tenrec.ir.Window.Padding;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.Arrays;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** Convolutions and pooling. */
class WindowLoweringTest {

  private static ImmutableLongArray same(int rank, long entry) {
    long[] entries = new long[rank];
    Arrays.fill(entries, entry);
    return ImmutableLongArray.copyOf(entries);
  }

  private static Window window(
      int rank, long kernel, long stride, long dilation, long before, long after, Padding mode) {
    return new Window(
        same(rank, kernel),
        same(rank, stride),
        same(rank, dilation),
        same(rank, before),
        same(rank, after),
        mode);
  }

  private static Tensor x(int rank, long channels, long size) {
    long[] sizes = new long[rank + 2];
    Arrays.fill(sizes, size);
    sizes[0] = 2;
    sizes[1] = channels;
    return Tensors.random(1, sizes);
  }

  private static Tensor weights(int rank, long first, long second, long kernel) {
    long[] sizes = new long[rank + 2];
    Arrays.fill(sizes, kernel);
    sizes[0] = first;
    sizes[1] = second;
    return Tensors.random(2, sizes);
  }

  @Property(tries = 40)
  void convolution(
      @ForAll @IntRange(min = 1, max = 3) int rank,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 1, max = 2) int dilation,
      @ForAll Padding mode,
      @ForAll boolean grouped,
      @ForAll boolean biased) {
    boolean explicit = mode == Padding.EXPLICIT || mode == Padding.EXPLICIT_ROUND_UP;
    Window window = window(rank, 3, stride, dilation, 1, 2, explicit ? Padding.EXPLICIT : mode);
    Value weights = constant(weights(rank, 6, grouped ? 2 : 4, 3));
    Optional<Value> bias = biased ? Optional.of(constant(Tensors.random(3, 6))) : Optional.empty();
    LoweringCheck.checkKnown(
        v -> new Convolution.Conv(v.getFirst(), weights, bias, window, grouped ? 2 : 1),
        x(rank, 4, 6));
  }

  @Test
  void convolutionOfOpenSizes() {
    for (Padding mode : new Padding[] {Padding.EXPLICIT, Padding.SAME_UPPER, Padding.SAME_LOWER}) {
      for (int rank = 1; rank <= 2; rank++) {
        Window window = window(rank, 3, 2, 1, 1, 1, mode);
        Value weights = constant(weights(rank, 6, 4, 3));
        LoweringCheck.check(
            v -> new Convolution.Conv(v.getFirst(), weights, Optional.empty(), window, 1),
            x(rank, 4, 7));
      }
    }
  }

  @Test
  void convolutionWithAnActivation() {
    Window window = window(1, 3, 1, 1, 1, 1, Padding.EXPLICIT);
    Value weights = constant(weights(1, 6, 4, 3));
    var function = new Elementwise.ActivationFunction(Elementwise.ActivationKind.SWISH, 1, 0);
    LoweringCheck.check(
        v ->
            new Convolution.Conv(v.getFirst(), weights, Optional.empty(), window, 1)
                .withActivation(function),
        x(1, 4, 6));
  }

  @Test
  void convolutionWithComputedParameters() {
    Window window = window(1, 3, 1, 1, 1, 1, Padding.EXPLICIT);
    LoweringCheck.checkKnown(
        v -> new Convolution.Conv(v.get(0), v.get(1), Optional.of(v.get(2)), window, 1),
        x(1, 4, 6),
        weights(1, 6, 4, 3),
        Tensors.random(3, 6));
  }

  @Property(tries = 40)
  void transposedConvolution(
      @ForAll @IntRange(min = 1, max = 3) int rank,
      @ForAll @IntRange(min = 1, max = 3) int stride,
      @ForAll @IntRange(min = 1, max = 2) int dilation,
      @ForAll @IntRange(max = 2) int after,
      @ForAll @IntRange(max = 2) int output,
      @ForAll boolean grouped) {
    Window window = window(rank, 3, stride, dilation, 1, after, Padding.EXPLICIT);
    Value weights = constant(weights(rank, 4, 3, 3));
    int groups = grouped ? 2 : 1;
    Optional<Value> bias = Optional.of(constant(Tensors.random(3, 3L * groups)));
    LoweringCheck.checkKnown(
        v ->
            new Convolution.ConvTranspose(
                v.getFirst(), weights, bias, window, groups, same(rank, output)),
        x(rank, 4, 4));
  }

  @Property(tries = 60)
  void pooling(
      @ForAll @IntRange(min = 1, max = 3) int rank,
      @ForAll PoolKind kind,
      @ForAll @IntRange(min = 1, max = 4) int stride,
      @ForAll @IntRange(max = 1) int before,
      @ForAll @IntRange(max = 1) int after,
      @ForAll Padding mode) {
    boolean refused = kind == PoolKind.AVERAGE_WITH_PADDING && mode == Padding.EXPLICIT_ROUND_UP;
    Window window = window(rank, 3, stride, 1, before, after, mode);
    if (!refused) {
      LoweringCheck.checkKnown(v -> new Pooling.Pool(kind, v.getFirst(), window), x(rank, 2, 6));
    }
  }

  @Test
  void poolingOfOpenSizesRoundedUp() {
    Window inside = window(2, 3, 2, 1, 1, 1, Padding.EXPLICIT_ROUND_UP);
    LoweringCheck.check(v -> new Pooling.Pool(PoolKind.MAX, v.getFirst(), inside), x(2, 2, 6));
  }

  @Test
  void fourSpatialDimensionsAreRefused() {
    Window window = window(4, 1, 1, 1, 0, 0, Padding.EXPLICIT);
    assertThatThrownBy(() ->
            LoweringCheck.check(
                v -> new Convolution.Conv(v.getFirst(), v.getFirst(), Optional.empty(), window, 1),
                TensorType.of(ElementType.FLOAT32, 1, 1, 1, 1, 1, 1)))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("no windows over 4 dimensions");
  }
}
