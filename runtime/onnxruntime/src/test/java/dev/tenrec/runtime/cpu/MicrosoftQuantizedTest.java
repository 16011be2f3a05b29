package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.ints;
import static dev.tenrec.onnx.TestModel.node;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/**
 * ONNX Runtime's own operators on quantized tensors. Some of them it computes in fewer bits than
 * float32, so that a result may be the next number.
 */
class MicrosoftQuantizedTest {
  private static final int FLOAT = 1;

  @Provide
  Arbitrary<ElementType> bytes() {
    return Arbitraries.of(ElementType.INT8, ElementType.UINT8);
  }

  private static Tensor integers(ElementType type, Random random, long... sizes) {
    return Tensor.ofLongs(type, ImmutableLongArray.copyOf(sizes), _ -> random.nextLong());
  }

  private static Tensor scale(double low, double high, Random random, long... sizes) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32, ImmutableLongArray.copyOf(sizes), _ -> random.nextDouble(low, high));
  }

  /** One node, and its result y as numbers. */
  private static Reference of(TestModel.Node node) {
    TestModel model =
        TestModel.opset(18)
            .node(node.domain("com.microsoft").out("q"))
            .node(node("Cast").in("q").out("y").with("to", FLOAT))
            .output("y");
    return Reference.of(model).withinSteps(1);
  }

  /** The tensor x, its scale and its zero point, under names that end alike. */
  private static Reference with(
      Reference reference, String name, ElementType type, Random random, long... sizes) {
    return reference
        .input(name, integers(type, random, sizes))
        .constant(name + "s", scale(0.01, 0.1, random))
        .constant(name + "z", integers(type, random));
  }

  private static Reference withResult(
      Reference reference, double scale, ElementType type, Random random) {
    return reference
        .constant("ys", scale(scale / 2, scale, random))
        .constant("yz", integers(type, random));
  }

  @Property(tries = 40)
  void binary(@ForAll boolean add, @ForAll("bytes") ElementType type, @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node(add ? "QLinearAdd" : "QLinearMul").in("a", "as", "az", "b", "bs", "bz", "ys", "yz");
    Reference reference = with(of(node), "a", type, random, 2, 3, 4);
    withResult(with(reference, "b", type, random, 3, 1), 0.3, type, random).verify();
  }

  @Property(tries = 40)
  void activations(@ForAll("bytes") ElementType type, @ForAll long seed) {
    Random random = new Random(seed);
    for (String operator : new String[] {"QLinearSigmoid", "QLinearLeakyRelu"}) {
      TestModel.Node node = node(operator).in("x", "xs", "xz", "ys", "yz");
      if (operator.equals("QLinearLeakyRelu")) {
        node.with("alpha", 0.2);
      }
      withResult(with(of(node), "x", type, random, 4, 5), 0.05, type, random).verify();
    }
  }

  @Property(tries = 40)
  void averagePool(
      @ForAll boolean channelsLast,
      @ForAll boolean padding,
      @ForAll boolean up,
      @ForAll("bytes") ElementType type,
      @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node("QLinearAveragePool")
            .in("x", "xs", "xz", "ys", "yz")
            .with("kernel_shape", ints(2, 3))
            .with("strides", ints(2, 1))
            .with("pads", ints(1, 0, 0, 1))
            .with("ceil_mode", up && !padding ? 1 : 0)
            .with("count_include_pad", padding ? 1 : 0)
            .with("channels_last", channelsLast ? 1 : 0);
    long[] sizes = channelsLast ? new long[] {1, 6, 7, 3} : new long[] {1, 3, 6, 7};
    withResult(with(of(node), "x", type, random, sizes), 0.05, type, random).verify();
    TestModel.Node global =
        node("QLinearGlobalAveragePool")
            .in("x", "xs", "xz", "ys", "yz")
            .with("channels_last", channelsLast ? 1 : 0);
    withResult(with(of(global), "x", type, random, sizes), 0.05, type, random).verify();
  }

  @Property(tries = 40)
  void concat(@ForAll("bytes") ElementType type, @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node("QLinearConcat").in("ys", "yz", "a", "as", "az", "b", "bs", "bz").with("axis", -1);
    Reference reference = with(of(node), "a", type, random, 2, 3);
    withResult(with(reference, "b", type, random, 2, 4), 0.1, type, random).verify();
  }

  @Property(tries = 40)
  void softmax(
      @ForAll("bytes") ElementType type,
      @ForAll @IntRange(min = 0, max = 2) int axis,
      @ForAll boolean old,
      @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node("QLinearSoftmax")
            .in("x", "xs", "xz", "ys", "yz")
            .with("axis", axis)
            .with("opset", old ? 12 : 13);
    with(of(node), "x", type, random, 2, 3, 4)
        .constant("ys", Tensor.scalar(ElementType.FLOAT32, 1.0 / 256))
        .constant("yz", Tensor.ofLongs(type, ints(), _ -> type == ElementType.INT8 ? -128 : 0))
        .verify();
  }

  @Property(tries = 40)
  void where(@ForAll("bytes") ElementType type, @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node("QLinearWhere").in("c", "a", "as", "az", "b", "bs", "bz", "ys", "yz");
    Reference reference = with(of(node), "a", type, random, 2, 3);
    withResult(with(reference, "b", type, random, 3), 0.1, type, random)
        .input("c", Tensor.ofLongs(ElementType.BOOL, ints(2, 1), _ -> random.nextInt(2)))
        .verify();
  }

  @Property(tries = 60)
  void gemm(
      @ForAll("bytes") ElementType type,
      @ForAll boolean transposeA,
      @ForAll boolean transposeB,
      @ForAll boolean bias,
      @ForAll boolean quantized,
      @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node("QGemm")
            .in("a", "as", "az", "b", "bs", "bz", bias ? "c" : "")
            .with("transA", transposeA ? 1 : 0)
            .with("transB", transposeB ? 1 : 0)
            .with("alpha", 0.5);
    Reference reference = of(quantized ? node.in("ys", "yz") : node);
    long[] a = transposeA ? new long[] {5, 3} : new long[] {3, 5};
    long[] b = transposeB ? new long[] {4, 5} : new long[] {5, 4};
    with(reference, "a", type, random, a);
    reference
        .constant("b", integers(ElementType.INT8, random, b))
        .constant("bs", scale(0.01, 0.1, random))
        .constant("bz", Tensor.scalar(ElementType.INT8, 0))
        .constant("c", Tensor.ofLongs(ElementType.INT32, ints(4), _ -> random.nextInt(9999)));
    (quantized ? withResult(reference, 1, type, random) : reference.withinSteps(1e-3)).verify();
  }

  @Property(tries = 60)
  void productsToFloat(
      @ForAll("bytes") ElementType weights,
      @ForAll boolean columns,
      @ForAll boolean zeroPoint,
      @ForAll boolean bias,
      @ForAll long seed) {
    Random random = new Random(seed);
    long[] perColumn = columns ? new long[] {4} : new long[0];
    TestModel.Node node =
        node("MatMulIntegerToFloat")
            .in("a", "b", "as", "bs", "az", zeroPoint ? "bz" : "", bias ? "c" : "");
    with(of(node).withinSteps(1e-3), "a", ElementType.UINT8, random, 2, 3, 5)
        .constant("b", integers(weights, random, 5, 4))
        .constant("bs", scale(0.01, 0.1, random, perColumn))
        .constant("bz", integers(weights, random, perColumn))
        .constant("c", Tensors.random(seed, 4))
        .verify();
    TestModel.Node dynamic =
        node("DynamicQuantizeMatMul").in("x", "b", "bs", zeroPoint ? "bz" : "", bias ? "c" : "");
    of(dynamic)
        .withinSteps(1e-3)
        .input("x", Tensors.random(seed, 2, 3, 5))
        .constant("b", integers(weights, random, 5, 4))
        .constant("bs", scale(0.01, 0.1, random, perColumn))
        .constant("bz", integers(weights, random, perColumn))
        .constant("c", Tensors.random(seed, 4))
        .verify();
  }

  @Property(tries = 60)
  void weightsOfFewBits(
      @ForAll boolean eight,
      @ForAll boolean whole,
      @ForAll @IntRange(min = 0, max = 2) int zeroPoint,
      @ForAll boolean bias,
      @ForAll long seed) {
    // ONNX Runtime's weights of 8 bits have no zero points in floating point.
    Assume.that(!eight || zeroPoint < 2);
    Random random = new Random(seed);
    long bits = eight ? 8 : 4;
    long k = whole ? 64 : 50;
    long blocks = Math.ceilDiv(k, 16);
    TestModel.Node node =
        node("MatMulNBits")
            .in("a", "b", "s", zeroPoint == 0 ? "" : "z", "", bias ? "c" : "")
            .with("K", k)
            .with("N", 5)
            .with("bits", bits)
            .with("block_size", 16);
    long zeroBytes = Math.ceilDiv(blocks * bits, 8);
    of(node)
        .withinSteps(1e-3)
        .input("a", Tensors.random(seed, 2, 3, k))
        .constant("b", integers(ElementType.UINT8, random, 5, blocks, 16 * bits / 8))
        .constant("s", scale(0.01, 0.1, random, 5, blocks))
        .constant(
            "z",
            zeroPoint == 1
                ? integers(ElementType.UINT8, random, 5, zeroBytes)
                : scale(0, 15, random, 5, blocks))
        .constant("c", Tensors.random(seed, 5))
        .verify();
  }
}
