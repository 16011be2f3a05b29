package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Fourier transforms and what belongs to them. */
class FourierOperatorsTest {
  @Property(tries = 30)
  void transforms(
      @ForAll boolean newer,
      @ForAll boolean complex,
      @ForAll boolean inverse,
      @ForAll boolean half,
      @ForAll boolean resized,
      @ForAll @IntRange(min = 1, max = 2) int axis,
      @ForAll long seed) {
    Random random = new Random(seed);
    long[] sizes = {1 + random.nextInt(2), 1 + random.nextInt(9), 1 + random.nextInt(9), 1};
    sizes[3] = complex ? 2 : 1;
    boolean onesided = half && !complex && !inverse;
    TestModel.Node node =
        node("DFT")
            .in("x", resized ? "length" : "")
            .with("inverse", inverse ? 1 : 0)
            .with("onesided", onesided ? 1 : 0);
    if (newer) {
      node.in("axis");
    } else {
      node.with("axis", axis);
    }
    Reference.ofNode(newer ? 20 : 17, node, "y")
        .input("x", Tensors.random(seed, sizes))
        .constant("length", Tensor.scalar(ElementType.INT64, 1 + random.nextInt(12)))
        .constant("axis", Tensor.scalar(ElementType.INT64, axis - (random.nextBoolean() ? 4 : 0)))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 30)
  void shortTimeTransforms(
      @ForAll boolean complex,
      @ForAll boolean half,
      @ForAll boolean window,
      @ForAll boolean fixedWindow,
      @ForAll long seed) {
    Random random = new Random(seed);
    int length = 2 + random.nextInt(7);
    // ONNX Runtime multiplies complex frames with other elements of the window.
    boolean weighted = window && !complex;
    boolean told = !weighted || random.nextBoolean();
    TestModel.Node node =
        node("STFT")
            .in("x", "step", weighted ? "window" : "", told ? "length" : "")
            .with("onesided", half && !complex ? 1 : 0);
    Reference reference =
        Reference.ofNode(17, node, "y")
            .input("x", Tensors.random(seed, 2, length + random.nextInt(20), complex ? 2 : 1))
            .constant("step", Tensor.scalar(ElementType.INT64, 1 + random.nextInt(5)))
            .constant("length", Tensor.scalar(ElementType.INT64, length));
    Tensor shares = Tensors.random(seed + 1, length);
    if (weighted && !fixedWindow) {
      reference.input("window", shares);
    } else {
      reference.constant("window", shares);
    }
    reference.within(1e-4).verify();
  }

  @Property(tries = 30)
  void melWeights(
      @ForAll @IntRange(min = 1, max = 12) int bands,
      @ForAll @IntRange(min = 8, max = 300) int length,
      @ForAll @IntRange(min = 0, max = 500) int lowest,
      @ForAll @IntRange(min = 1000, max = 4000) int highest) {
    Reference.ofNode(17, node("MelWeightMatrix").in("bands", "length", "rate", "low", "high"), "y")
        .constant("bands", Tensor.scalar(ElementType.INT64, bands))
        .constant("length", Tensor.scalar(ElementType.INT64, length))
        .constant("rate", Tensor.scalar(ElementType.INT64, 8192))
        .constant("low", Tensor.scalar(ElementType.FLOAT32, lowest))
        .constant("high", Tensor.scalar(ElementType.FLOAT32, highest))
        .verify();
  }
}
