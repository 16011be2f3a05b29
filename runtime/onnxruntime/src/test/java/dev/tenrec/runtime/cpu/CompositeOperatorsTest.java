package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Operators that are imported as several operations. */
class CompositeOperatorsTest {
  @Property(tries = 40)
  void attention(
      @ForAll boolean causal,
      @ForAll boolean mask,
      @ForAll boolean past,
      @ForAll boolean softcap,
      @ForAll boolean shared,
      @ForAll long seed) {
    long heads = shared ? 2 : 4;
    long pastSteps = past ? 3 : 0;
    TestModel.Node node =
        node("Attention")
            .in("q", "k", "v", mask ? "mask" : "")
            .with("is_causal", causal ? 1 : 0)
            .with("softcap", softcap ? 2.0 : 0);
    if (past) {
      node.in("past_k", "past_v");
    }
    Reference reference =
        Reference.ofNode(23, node, "y", "present_k", "present_v")
            .input("q", Tensors.random(seed, 2, 4, 3, 8))
            .input("k", Tensors.random(seed + 1, 2, heads, 3, 8))
            .input("v", Tensors.random(seed + 2, 2, heads, 3, 6))
            .constant("mask", Tensors.random(seed + 3, 3, 3 + pastSteps))
            .constant("past_k", Tensors.random(seed + 4, 2, heads, 3, 8))
            .constant("past_v", Tensors.random(seed + 5, 2, heads, 3, 6));
    reference.within(1e-4).verify();
  }

  @Property(tries = 10)
  void flatAttention(@ForAll long seed) {
    Tensor allowed = Tensor.ofLongs(ElementType.BOOL, ints(3, 5), i -> i % 5 <= i / 5 + 1 ? 1 : 0);
    Reference.ofNode(
            23,
            node("Attention")
                .in("q", "k", "v", "mask")
                .with("q_num_heads", 2)
                .with("kv_num_heads", 2),
            "y")
        .input("q", Tensors.random(seed, 2, 3, 8))
        .input("k", Tensors.random(seed + 1, 2, 5, 8))
        .input("v", Tensors.random(seed + 2, 2, 5, 6))
        .input("mask", allowed)
        .within(1e-4)
        .verify();
  }

  @Property(tries = 30)
  void rotaryEmbedding(
      @ForAll boolean interleaved, @ForAll boolean part, @ForAll boolean flat, @ForAll long seed) {
    long rotated = part ? 4 : 8;
    TestModel.Node node =
        node("RotaryEmbedding")
            .in("x", "cosine", "sine", "positions")
            .with("interleaved", interleaved ? 1 : 0)
            .with("num_heads", 3)
            .with("rotary_embedding_dim", part ? rotated : 0);
    Reference.ofNode(23, node, "y")
        .input("x", flat ? Tensors.random(seed, 2, 4, 24) : Tensors.random(seed, 2, 3, 4, 8))
        .constant("cosine", Tensors.random(seed + 1, 10, rotated / 2))
        .constant("sine", Tensors.random(seed + 2, 10, rotated / 2))
        .input("positions", Tensors.longs(ints(2, 4), 0, 1, 2, 3, 5, 6, 7, 9))
        .verify();
  }

  @Property(tries = 30)
  void losses(
      @ForAll boolean weighted,
      @ForAll boolean ignoring,
      @ForAll boolean spatial,
      @ForAll long seed) {
    Random random = new Random(seed);
    long[] scores = spatial ? new long[] {2, 4, 3} : new long[] {3, 4};
    long[] classes = spatial ? new long[] {2, 3} : new long[] {3};
    Tensor target = Tensor.ofLongs(ElementType.INT64, ints(classes), _ -> random.nextInt(4));
    for (String operator : List.of("NegativeLogLikelihoodLoss", "SoftmaxCrossEntropyLoss")) {
      for (String reduction : List.of("none", "sum", "mean")) {
        TestModel.Node node = node(operator).in("x", "target").with("reduction", reduction);
        node.in(weighted ? "weights" : "");
        if (ignoring) {
          node.with("ignore_index", target.getLong(0) == 0 ? 1 : 0);
        }
        Reference.ofNode(13, node, "y")
            .input("x", Tensors.random(seed, scores))
            .input("target", target)
            .constant("weights", Tensors.floats(0.5, 1, 1.5, 2))
            .within(1e-4)
            .verify();
      }
    }
  }

  @Property(tries = 20)
  void pooling(@ForAll @IntRange(min = 1, max = 3) int p, @ForAll long seed) {
    Reference.ofNode(
            18,
            node("LpPool")
                .in("x")
                .with("p", p)
                .with("kernel_shape", ints(2, 3))
                .with("pads", ints(0, 1, 1, 1)),
            "y")
        .input("x", Tensors.random(seed, 1, 2, 5, 6))
        .within(1e-4)
        .verify();
    Reference.ofNode(
            18,
            node("LRN").in("x").with("size", 2 * p - 1).with("alpha", 0.3).with("bias", 1.5),
            "y")
        .input("x", Tensors.random(seed, 2, 5, 3, 3))
        .verify();
  }

  @Property(tries = 20)
  void selection(@ForAll @IntRange(min = -2, max = 1) int axis, @ForAll long seed) {
    Reference.ofNode(13, node("Hardmax").in("x").with("axis", axis), "y")
        .input("x", Tensors.random(seed, 3, 4))
        .verify();
    Reference.ofNode(11, node("Hardmax").in("x"), "y")
        .input("x", Tensors.random(seed, 3, 2, 2))
        .verify();
    Reference.ofNode(18, node("Shrink").in("x").with("lambd", 0.4).with("bias", 0.3), "y")
        .input("x", Tensors.random(seed, 3, 4))
        .verify();
    Reference.ofNode(
            18,
            node("ReverseSequence")
                .in("x", "lengths")
                .with("time_axis", axis < 0 ? 0 : 1)
                .with("batch_axis", axis < 0 ? 1 : 0),
            "y")
        .input("x", Tensors.random(seed, 3, 3, 2))
        .input("lengths", Tensor.ofLongs(1, 3, 2))
        .verify();
    Reference.ofNode(18, node("Mish").in("x"), "y").input("x", Tensors.random(seed, 3, 4)).verify();
  }

  @Property(tries = 10)
  void windows(@ForAll boolean periodic, @ForAll @IntRange(min = 2, max = 9) int length) {
    for (String operator : List.of("HannWindow", "HammingWindow", "BlackmanWindow")) {
      Reference.ofNode(17, node(operator).in("n").with("periodic", periodic ? 1 : 0), "y")
          .input("n", Tensor.scalar(ElementType.INT64, length))
          .verify();
    }
  }

  /** Only one branch may be typed where the condition is known, else both give the same type. */
  @Property(tries = 10)
  void branches(@ForAll boolean condition, @ForAll boolean known, @ForAll long seed) {
    TensorType type = TensorType.of(ElementType.FLOAT32, 2, 3);
    TestModel yes =
        TestModel.opset(18).node(node("Add").in("x", "x").out("sum")).output("sum", type);
    TestModel no = TestModel.opset(18).node(node("Exp").in("x").out("power")).output("power", type);
    Tensor flag = Tensor.scalar(ElementType.BOOL, condition ? 1 : 0);
    Reference reference =
        Reference.ofNode(
                18,
                node("If")
                    .in("flag")
                    .with("then_branch", yes.graph())
                    .with("else_branch", no.graph()),
                "y")
            .input("x", Tensors.random(seed, 2, 3));
    if (known) {
      reference.constant("flag", flag).verify();
    } else {
      reference.input("flag", flag).verify();
    }
  }
}
