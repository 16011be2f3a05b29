package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import dev.tenrec.onnx.proto.AttributeProto;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

/** Operators that ONNX Runtime adds to ONNX. */
class MicrosoftOperatorsTest {
  private static TestModel.Node microsoft(String operator) {
    return node(operator).domain("com.microsoft");
  }

  @Property(tries = 20)
  void activations(@ForAll boolean bias, @ForAll long seed) {
    for (String operator : List.of("Gelu", "BiasGelu", "FastGelu", "QuickGelu")) {
      boolean biased = operator.equals("BiasGelu") || (operator.equals("FastGelu") && bias);
      TestModel.Node node = microsoft(operator).in("x");
      if (biased) {
        node.in("bias");
      }
      Reference.ofNode(17, node, "y")
          .input("x", Tensors.random(seed, 2, 3, 4))
          .constant("bias", Tensors.random(seed + 1, 4))
          .within(1e-4)
          .verify();
    }
  }

  @Property(tries = 40)
  void products(
      @ForAll boolean transposeA,
      @ForAll boolean transposeB,
      @ForAll boolean batchA,
      @ForAll boolean batchB,
      @ForAll long seed) {
    TestModel.Node node =
        microsoft("FusedMatMul")
            .in("a", "b")
            .with("alpha", 0.5)
            .with("transA", transposeA ? 1 : 0)
            .with("transB", transposeB ? 1 : 0)
            .with("transBatchA", batchA ? 1 : 0)
            .with("transBatchB", batchB ? 1 : 0);
    Reference.ofNode(17, node, "y")
        .input("a", Tensors.random(seed, operand(2, 3, 4, transposeA, batchA)))
        .input("b", Tensors.random(seed + 1, operand(2, 4, 5, transposeB, batchB)))
        .within(1e-4)
        .verify();
  }

  private static long[] operand(
      long batch, long rows, long columns, boolean transposed, boolean batchBehind) {
    long first = transposed ? columns : rows;
    long second = transposed ? rows : columns;
    return batchBehind ? new long[] {first, batch, second} : new long[] {batch, first, second};
  }

  @Property(tries = 40)
  void convolutions(
      @ForAll @IntRange(min = 0, max = 5) int function, @ForAll boolean sum, @ForAll long seed) {
    String name =
        List.of("Relu", "Sigmoid", "Tanh", "LeakyRelu", "Clip", "HardSigmoid").get(function);
    TestModel.Node node =
        microsoft("FusedConv").in("x", "weights", "bias", sum ? "z" : "").with("activation", name);
    AttributeProto.Builder parameters =
        AttributeProto.newBuilder()
            .setName("activation_params")
            .setType(AttributeProto.AttributeType.FLOATS);
    if (function == 3) {
      node.with(parameters.addFloats(0.2f));
    } else if (function > 3) {
      node.with(parameters.addFloats(0.1f).addFloats(0.4f));
    }
    Reference.ofNode(17, node, "y")
        .input("x", Tensors.random(seed, 1, 3, 5, 5))
        .constant("weights", Tensors.random(seed + 1, 4, 3, 3, 3))
        .constant("bias", Tensors.random(seed + 2, 4))
        .input("z", Tensors.random(seed + 3, 1, 4, 3, 3))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 40)
  void skippingNormalizations(
      @ForAll boolean simplified, @ForAll boolean beta, @ForAll boolean bias, @ForAll long seed) {
    TestModel.Node node =
        simplified
            ? microsoft("SkipSimplifiedLayerNormalization")
                .in("x", "skip", "scale", bias ? "bias" : "")
            : microsoft("SkipLayerNormalization")
                .in("x", "skip", "scale", beta ? "beta" : "", bias ? "bias" : "");
    TestModel.Node complete = node.with("epsilon", 1e-3).out("y", "", "", "sum");
    Reference.of(TestModel.opset(17).node(complete).output("y", "sum"))
        .input("x", Tensors.random(seed, 2, 3, 4))
        .input("skip", Tensors.random(seed + 1, 2, 3, 4))
        .constant("scale", Tensors.random(seed + 2, 4))
        .constant("beta", Tensors.random(seed + 3, 4))
        .constant("bias", Tensors.random(seed + 4, 4))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 10)
  void simplifiedNormalization(@ForAll @IntRange(min = -2, max = 2) int axis, @ForAll long seed) {
    long[] sizes = {2, 3, 4};
    int from = axis < 0 ? axis + 3 : axis;
    long[] scale = Arrays.copyOfRange(sizes, from, 3);
    Reference.ofNode(
            17, node("SimplifiedLayerNormalization").in("x", "scale").with("axis", axis), "y")
        .input("x", Tensors.random(seed, sizes))
        .constant("scale", Tensors.random(seed + 1, scale))
        .within(1e-4)
        .verify();
  }

  @Property(tries = 40)
  void rotaryEmbedding(
      @ForAll boolean interleaved,
      @ForAll boolean offset,
      @ForAll boolean flat,
      @ForAll boolean part,
      @ForAll long seed) {
    long half = part ? 2 : 4;
    TestModel.Node node =
        microsoft("RotaryEmbedding")
            .in("x", "positions", "cosine", "sine")
            .with("interleaved", interleaved ? 1 : 0)
            .with("num_heads", part ? 3 : 0)
            .with("rotary_embedding_dim", part ? 4 : 0);
    Tensor positions = Tensors.longs(ints(2, 4), 0, 1, 2, 3, 5, 6, 7, 9);
    Reference.ofNode(17, node, "y")
        .input("x", flat ? Tensors.random(seed, 2, 4, 24) : Tensors.random(seed, 2, 3, 4, 8))
        .input("positions", offset ? Tensor.ofLongs(5) : positions)
        .constant("cosine", Tensors.random(seed + 1, 10, half))
        .constant("sine", Tensors.random(seed + 2, 10, half))
        .verify();
  }

  @Property(tries = 80)
  void attention(
      @ForAll boolean bias,
      @ForAll @IntRange(min = 0, max = 3) int mask,
      @ForAll boolean scoreBias,
      @ForAll boolean causal,
      @ForAll boolean past,
      @ForAll long seed) {
    Random random = new Random(seed);
    long steps = past || causal ? 3 : 4;
    long all = 3 + (past ? 2 : 0) + (steps - 3);
    TestModel.Node node =
        microsoft("MultiHeadAttention")
            .in("q", "k", "v", bias ? "bias" : "", mask > 0 && !past ? "mask" : "")
            .in(scoreBias ? "scores" : "")
            .with("num_heads", 2)
            .with("unidirectional", causal ? 1 : 0)
            .with("mask_filter_value", -1000.0);
    if (past) {
      node.in("past_k", "past_v");
    }
    long[] flags = mask == 2 ? new long[] {2, all} : new long[] {2, 3, all};
    Tensor padding =
        mask == 1
            ? Tensor.ofLongs(ElementType.INT32, ints(2), _ -> 1 + random.nextInt((int) all))
            : Tensor.ofLongs(
                ElementType.INT32, ints(flags), i -> i % all == 0 ? 1 : random.nextInt(2));
    Reference.ofNode(17, node, "y", "present_k", "present_v")
        .input("q", Tensors.random(seed, 2, 3, 8))
        .input("k", Tensors.random(seed + 1, 2, steps, 8))
        .input("v", Tensors.random(seed + 2, 2, steps, 8))
        .constant("bias", Tensors.random(seed + 3, 24))
        .constant("mask", padding)
        .constant("scores", Tensors.random(seed + 4, random.nextBoolean() ? 1 : 2, 2, 3, all))
        .constant("past_k", Tensors.random(seed + 5, 2, 2, 2, 4))
        .constant("past_v", Tensors.random(seed + 6, 2, 2, 2, 4))
        .within(1e-4)
        .verify();
  }

  /**
   * ONNX Runtime does not take a past and a bias of the scores together, and crashes without a bias
   * of the projection.
   */
  @Property(tries = 60)
  void projectedAttention(
      @ForAll @IntRange(max = 3) int mask,
      @ForAll boolean scoreBias,
      @ForAll boolean causal,
      @ForAll boolean past,
      @ForAll boolean unequal,
      @ForAll long seed) {
    Random random = new Random(seed);
    long all = past ? 5 : 3;
    TestModel.Node node =
        microsoft("Attention")
            .in("x", "w", "bias", mask > 0 ? "mask" : "", past ? "past" : "")
            .in(scoreBias && !past ? "scores" : "")
            .with("num_heads", 2)
            .with("unidirectional", causal ? 1 : 0);
    if (unequal && !past) {
      node.with("qkv_hidden_sizes", ints(8, 8, 4));
    }
    long width = unequal && !past ? 20 : 24;
    long[] flags = mask == 2 ? new long[] {2, all} : new long[] {2, 3, all};
    Tensor padding =
        mask == 1
            ? Tensor.ofLongs(ElementType.INT32, ints(2), _ -> 1 + random.nextInt((int) all))
            : Tensor.ofLongs(
                ElementType.INT32, ints(flags), i -> i % all == 0 ? 1 : random.nextInt(2));
    Reference reference =
        past ? Reference.ofNode(17, node, "y", "present") : Reference.ofNode(17, node, "y");
    reference
        .input("x", Tensors.random(seed, 2, 3, 6))
        .constant("w", Tensors.random(seed + 1, 6, width))
        .constant("bias", Tensors.random(seed + 3, width))
        .constant("mask", padding)
        .constant("scores", Tensors.random(seed + 4, random.nextBoolean() ? 1 : 2, 2, 3, all))
        .constant("past", Tensors.random(seed + 5, 2, 2, 2, 2, 4))
        .within(1e-3)
        .verify();
  }
}
