package dev.tenrec.tensorrt;

import static dev.tenrec.ir.Terms.constant;

import dev.tenrec.ir.Normalization;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NormalizationLoweringTest {

  @Provide
  Arbitrary<List<Long>> shapes() {
    return Shapes.any(1, 4);
  }

  @Property(tries = 30)
  void softmax(
      @ForAll("shapes") List<Long> sizes,
      @ForAll @IntRange(max = 3) int axis,
      @ForAll boolean logarithm) {
    LoweringCheck.check(
        x -> new Normalization.Softmax(x.getFirst(), axis % sizes.size(), logarithm),
        Shapes.floats(sizes));
  }

  @Test
  void logSoftmaxOfDistantElements() {
    LoweringCheck.check(
        x -> new Normalization.Softmax(x.getFirst(), 1, true),
        Tensors.floats(Tensors.sizes(1, 3), -500, 0, 500));
  }

  @Test
  void layerNorm() {
    Tensor x = Tensors.random(1, 2, 3, 4);
    Value scale = constant(Tensors.random(2, 4));
    Optional<Value> bias = Optional.of(constant(Tensors.random(3, 4)));
    for (Optional<Value> b : List.of(bias, Optional.<Value>empty())) {
      LoweringCheck.checkKnown(
          v -> new Normalization.LayerNorm(v.getFirst(), scale, b, 2, 1e-5), x);
    }
    LoweringCheck.check(
        v -> new Normalization.LayerNorm(v.get(0), v.get(1), Optional.of(v.get(1)), 2, 1e-5),
        x,
        Tensors.random(2, 4));
    // Parameters that are broadcast along a normalized axis are not the layer's.
    LoweringCheck.check(v -> new Normalization.LayerNorm(v.getFirst(), scale, bias, 1, 1e-5), x);
  }

  @Test
  void rmsNorm() {
    Value scale = constant(Tensors.random(2, 4));
    LoweringCheck.check(
        v -> new Normalization.RmsNorm(v.getFirst(), scale, 2, 1e-6), Tensors.random(1, 2, 3, 4));
  }

  @Test
  void rmsNormOfLargeHalfFloats() {
    Tensor x = Tensor.ofDoubles(ElementType.FLOAT16, Tensors.sizes(2, 4), i -> 1000 + 100 * i);
    Value scale = constant(Tensor.ofDoubles(ElementType.FLOAT16, Tensors.sizes(4), i -> 1 + i));
    LoweringCheck.checkKnown(v -> new Normalization.RmsNorm(v.getFirst(), scale, 1, 1e-6), x);
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 1, 2, 6})
  void groupNorm(long groups) {
    Value scale = constant(Tensors.random(2, 6));
    Value bias = constant(Tensors.random(3, 6));
    for (TensorType type :
        List.of(
            TensorType.of(ElementType.FLOAT32, 2, 6, 5),
            TensorType.of(ElementType.FLOAT32, 1, 6, 3, 5))) {
      LoweringCheck.checkKnown(
          v -> new Normalization.GroupNorm(v.getFirst(), scale, bias, groups, 1e-5), type);
    }
  }

  @Test
  void channelNorm() {
    Value scale = constant(Tensors.random(2, 3));
    Value bias = constant(Tensors.random(3, 3));
    LoweringCheck.check(
        v -> new Normalization.ChannelNorm(v.getFirst(), scale, bias, 1e-5),
        Tensors.random(1, 2, 3, 4, 5));
  }

  @Test
  void batchNorm() {
    Tensor positive = Tensors.floats(0.5, 1, 2);
    TensorType x = TensorType.of(ElementType.FLOAT32, 2, 3, 4);
    LoweringCheck.checkKnown(
        v ->
            new Normalization.BatchNorm(
                v.getFirst(),
                constant(Tensors.random(2, 3)),
                constant(Tensors.random(3, 3)),
                constant(Tensors.random(4, 3)),
                constant(positive),
                1e-5),
        x);
    LoweringCheck.checkKnown(
        v ->
            new Normalization.BatchNorm(
                v.get(0), v.get(1), v.get(1), v.get(1), constant(positive), 1e-5),
        x,
        TensorType.of(ElementType.FLOAT32, 3));
  }
}
