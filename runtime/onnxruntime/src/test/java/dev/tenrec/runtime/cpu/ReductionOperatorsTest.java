package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.Arrays;
import java.util.Random;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

/** Operators along axes. */
class ReductionOperatorsTest {
  @Provide
  Arbitrary<String> reductions() {
    return Arbitraries.of(
        "ReduceL1",
        "ReduceL2",
        "ReduceLogSum",
        "ReduceLogSumExp",
        "ReduceMax",
        "ReduceMean",
        "ReduceMin",
        "ReduceProd",
        "ReduceSum",
        "ReduceSumSquare");
  }

  @Property(tries = 150)
  void reduce(
      @ForAll("reductions") String operator,
      @ForAll @Size(max = 3) Set<@IntRange(min = 0, max = 2) Integer> axes,
      @ForAll boolean keep,
      @ForAll boolean fromTheEnd,
      @ForAll long seed) {
    long[] given = axes.stream().mapToLong(axis -> fromTheEnd ? axis - 3 : axis).toArray();
    Random random = new Random(seed);
    Tensor x =
        Tensor.ofDoubles(
            ElementType.FLOAT32, Tensors.sizes(2, 3, 4), _ -> random.nextDouble() + 0.1);
    Reference.ofNode(18, node(operator).in("x", "axes").with("keepdims", keep ? 1 : 0), "y")
        .input("x", x)
        .constant("axes", Tensor.ofLongs(given))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 60)
  void argReduce(
      @ForAll boolean largest,
      @ForAll @IntRange(min = -3, max = 2) int axis,
      @ForAll boolean keep,
      @ForAll boolean last,
      @ForAll long seed) {
    Reference.ofNode(
            18,
            node(largest ? "ArgMax" : "ArgMin")
                .in("x")
                .with("axis", axis)
                .with("keepdims", keep ? 1 : 0)
                .with("select_last_index", last ? 1 : 0),
            "y")
        .input("x", integers(seed, 2, 5, 4))
        .verify();
  }

  @Property(tries = 60)
  void topK(
      @ForAll boolean largest,
      @ForAll @IntRange(min = -2, max = 1) int axis,
      @ForAll @IntRange(min = 1, max = 4) int k,
      @ForAll long seed) {
    Reference.ofNode(
            18,
            node("TopK").in("x", "k").with("axis", axis).with("largest", largest ? 1 : 0),
            "values",
            "indices")
        .input("x", integers(seed, 4, 5))
        .constant("k", Tensor.ofLongs(k))
        .verify();
  }

  @Property(tries = 60)
  void cumulativeSum(
      @ForAll boolean exclusive,
      @ForAll boolean reverse,
      @ForAll @IntRange(min = -2, max = 1) int axis,
      @ForAll long seed) {
    Reference.ofNode(
            18,
            node("CumSum")
                .in("x", "axis")
                .with("exclusive", exclusive ? 1 : 0)
                .with("reverse", reverse ? 1 : 0),
            "y")
        .input("x", Tensors.random(seed, 4, 5))
        .constant("axis", Tensor.scalar(ElementType.INT64, axis))
        .verify();
  }

  @Property(tries = 60)
  void softmax(
      @ForAll boolean logarithm,
      @ForAll @IntRange(min = -3, max = 2) int axis,
      @ForAll("softmaxOpsets") long opset,
      @ForAll long seed) {
    Reference.ofNode(
            opset, node(logarithm ? "LogSoftmax" : "Softmax").in("x").with("axis", axis), "y")
        .input("x", Tensors.random(seed, 2, 3, 4))
        .verify();
  }

  @Provide
  Arbitrary<Long> softmaxOpsets() {
    return Arbitraries.of(11L, 13L);
  }

  @Property(tries = 30)
  void normalization(@ForAll @IntRange(min = -3, max = 2) int axis, @ForAll long seed) {
    long[] sizes = {2, 3, 4};
    int first = axis < 0 ? axis + 3 : axis;
    long[] normalized = Arrays.copyOfRange(sizes, first, 3);
    Reference.ofNode(
            17,
            node("LayerNormalization").in("x", "scale", "bias").with("axis", axis),
            "y",
            "mean",
            "inverse")
        .input("x", Tensors.random(seed, sizes))
        .constant("scale", Tensors.random(seed + 1, normalized))
        .constant("bias", Tensors.random(seed + 2, normalized))
        .verify();
    Reference.ofNode(17, node("LpNormalization").in("x").with("axis", axis).with("p", 1), "y")
        .input("x", Tensors.random(seed, sizes))
        .verify();
  }

  @Property(tries = 20)
  void channelNormalization(@ForAll long seed) {
    Tensor x = Tensors.random(seed, 2, 4, 5);
    TestModel.Node instance = node("InstanceNormalization").in("x", "a", "b").with("epsilon", 1e-3);
    TestModel.Node batch = node("BatchNormalization").in("x", "a", "b", "a", "v");
    TestModel.Node group = node("GroupNormalization").in("x", "a", "b").with("num_groups", 2);
    Random random = new Random(seed);
    Tensor positive =
        Tensor.ofDoubles(ElementType.FLOAT32, Tensors.sizes(4), _ -> random.nextDouble() + 0.1);
    for (TestModel.Node norm : new TestModel.Node[] {instance, batch, group}) {
      Reference.ofNode(21, norm, "y")
          .input("x", x)
          .constant("a", Tensors.random(seed + 1, 4))
          .constant("b", Tensors.random(seed + 2, 4))
          .constant("v", positive)
          .within(1e-4)
          .verify();
    }
  }

  /** Small integers as floats, so that equal ones occur. */
  private static Tensor integers(long seed, long... sizes) {
    Tensor integers = Tensors.random(TensorType.of(ElementType.INT64, sizes), seed);
    return Tensor.ofDoubles(ElementType.FLOAT32, integers.sizes(), i -> integers.getLong(i) >> 2);
  }
}
