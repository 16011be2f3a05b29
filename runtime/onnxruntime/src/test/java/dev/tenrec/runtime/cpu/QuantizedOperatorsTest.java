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
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Quantization and products of quantized tensors. All results are compared exactly. */
class QuantizedOperatorsTest {
  @Provide
  Arbitrary<ElementType> bytes() {
    return Arbitraries.of(ElementType.INT8, ElementType.UINT8);
  }

  @Provide
  Arbitrary<ElementType> quantized() {
    return Arbitraries.of(ElementType.INT8, ElementType.UINT8, ElementType.INT16);
  }

  /** All numbers of a type of at most 16 bits, but that int32 stays small. */
  private static Tensor integers(ElementType type, Random random, long... sizes) {
    int range = 1 << Math.min(type.bits(), 16);
    long lowest = type.kind() == ElementType.Kind.SIGNED ? -range / 2 : 0;
    return Tensor.ofLongs(
        type, ImmutableLongArray.copyOf(sizes), _ -> random.nextInt(range) + lowest);
  }

  private static Tensor scales(Random random, long... sizes) {
    return Tensor.ofDoubles(
        ElementType.FLOAT32,
        ImmutableLongArray.copyOf(sizes),
        _ -> Math.exp(random.nextDouble(-6, 0)));
  }

  /** How the scales of [3,4,6] lie: one, along an axis, or blocks. */
  enum Layout {
    SCALAR,
    VECTOR,
    BLOCKS;

    long[] sizes() {
      return switch (this) {
        case SCALAR -> new long[0];
        case VECTOR -> new long[] {4};
        case BLOCKS -> new long[] {3, 2, 6};
      };
    }

    TestModel.Node attributes(TestModel.Node node) {
      return switch (this) {
        case SCALAR -> node;
        case VECTOR -> node.with("axis", -2);
        case BLOCKS -> node.with("axis", 1).with("block_size", 3);
      };
    }
  }

  @Property(tries = 60)
  void quantizeLinear(
      @ForAll Layout layout,
      @ForAll("quantized") ElementType type,
      @ForAll boolean zeroPoint,
      @ForAll boolean known,
      @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node = layout.attributes(node("QuantizeLinear").in("x", "scale"));
    if (zeroPoint) {
      node.in("zero");
    } else {
      node.with("output_dtype", type == ElementType.INT8 ? 3 : type == ElementType.UINT8 ? 2 : 5);
    }
    Reference reference =
        Reference.ofNode(21, node, "y")
            .input("x", Tensors.random(seed, 3, 4, 6))
            .constant("scale", scales(random, layout.sizes()));
    Tensor zero = integers(type, random, layout.sizes());
    if (known || !zeroPoint) {
      reference.constant("zero", zero).verify();
    } else {
      reference.input("zero", zero).verify();
    }
  }

  @Property(tries = 20)
  void quantizeLinearOfOldOpsets(@ForAll("bytes") ElementType type, @ForAll long seed) {
    Random random = new Random(seed);
    for (long opset : new long[] {10, 13, 19}) {
      for (boolean vector : new boolean[] {false, true}) {
        if (opset > 10 || !vector) {
          long[] sizes = vector ? new long[] {4} : new long[0];
          Reference.ofNode(opset, node("QuantizeLinear").in("x", "scale", "zero"), "y")
              .input("x", Tensors.random(seed, 3, 4, 2))
              .input("scale", scales(random, sizes))
              .constant("zero", integers(type, random, sizes))
              .verify();
          Reference.ofNode(opset, node("DequantizeLinear").in("x", "scale", "zero"), "y")
              .input("x", integers(type, random, 3, 4, 2))
              .input("scale", scales(random, sizes))
              .constant("zero", integers(type, random, sizes))
              .within(1e-7)
              .verify();
        }
      }
    }
  }

  @Property(tries = 60)
  void dequantizeLinear(
      @ForAll Layout layout,
      @ForAll("quantized") ElementType type,
      @ForAll boolean zeroPoint,
      @ForAll boolean zero,
      @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node = layout.attributes(node("DequantizeLinear").in("x", "scale"));
    Tensor offsets = integers(type, random, layout.sizes());
    Reference.ofNode(21, zeroPoint ? node.in("zero") : node, "y")
        .input("x", integers(type, random, 3, 4, 6))
        .constant("scale", scales(random, layout.sizes()))
        .constant("zero", zero ? Tensor.ofLongs(type, offsets.sizes(), _ -> 0) : offsets)
        .within(1e-7)
        .verify();
  }

  /** ONNX Runtime quantizes float16 too, but cuts fractions off instead of rounding. */
  @Property(tries = 40)
  void dequantizesToHalfPrecision(@ForAll("quantized") ElementType type, @ForAll long seed) {
    Random random = new Random(seed);
    Tensor scale = scales(random);
    Reference.ofNode(21, node("DequantizeLinear").in("x", "scale", "zero"), "y")
        .input("x", integers(type, random, 3, 4))
        .input("scale", Tensor.ofDoubles(ElementType.FLOAT16, scale.sizes(), scale::getDouble))
        .constant("zero", integers(type, random))
        .within(1e-3)
        .verify();
  }

  @Property(tries = 20)
  void dequantizeSums(@ForAll long seed) {
    Random random = new Random(seed);
    Reference.ofNode(21, node("DequantizeLinear").in("x", "scale"), "y")
        .input("x", integers(ElementType.INT32, random, 3, 4))
        .constant("scale", scales(random))
        .within(1e-7)
        .verify();
  }

  @Property(tries = 40)
  void dynamicQuantizeLinear(
      @ForAll @IntRange(min = -2, max = 2) int offset, @ForAll boolean same, @ForAll long seed) {
    Tensor x = Tensors.random(seed, 3, 5);
    Tensor moved =
        Tensor.ofDoubles(
            ElementType.FLOAT32, x.sizes(), i -> same ? offset : x.getDouble(i) + 2 * offset);
    Reference.ofNode(11, node("DynamicQuantizeLinear").in("x"), "y", "scale", "zero")
        .input("x", moved)
        .within(1e-7)
        .verify();
  }

  /** Long sums are split, because float32 does not count that far. */
  @Property(tries = 40)
  void matMulInteger(
      @ForAll("bytes") ElementType a,
      @ForAll("bytes") ElementType b,
      @ForAll @IntRange(min = 0, max = 2) int length,
      @ForAll boolean zeroPoints,
      @ForAll boolean columns,
      @ForAll boolean known,
      @ForAll long seed) {
    Random random = new Random(seed);
    long terms = new long[] {3, 300, 5000}[length];
    TestModel.Node node = node("MatMulInteger").in("a", "b");
    Reference reference =
        Reference.ofNode(10, zeroPoints ? node.in("za", "zb") : node, "y")
            .input("a", integers(a, random, 2, 3, terms))
            .constant("za", integers(a, random))
            .constant("zb", columns ? integers(b, random, 4) : integers(b, random));
    Tensor weights = integers(b, random, terms, 4);
    (known ? reference.constant("b", weights) : reference.input("b", weights)).verify();
  }

  @Property(tries = 40)
  void qLinearMatMul(
      @ForAll("bytes") ElementType a,
      @ForAll("bytes") ElementType b,
      @ForAll boolean columns,
      @ForAll long seed) {
    Random random = new Random(seed);
    // ONNX Runtime takes signed weights for signed data only.
    ElementType weights = a == ElementType.INT8 ? ElementType.INT8 : b;
    long[] perColumn = columns ? new long[] {4} : new long[0];
    Reference.ofNode(
            10, node("QLinearMatMul").in("a", "sa", "za", "b", "sb", "zb", "sy", "zy"), "y")
        .input("a", integers(a, random, 2, 3, 7))
        .constant("sa", scales(random))
        .constant("za", integers(a, random))
        .constant("b", integers(weights, random, 7, 4))
        .constant("sb", scales(random, perColumn))
        .constant("zb", integers(weights, random, perColumn))
        .constant("sy", Tensor.scalar(ElementType.FLOAT32, 40 * random.nextDouble(0.5, 1)))
        .constant("zy", integers(a, random))
        .verify();
  }

  @Property(tries = 40)
  void convInteger(
      @ForAll boolean padded, @ForAll boolean groups, @ForAll boolean zeros, @ForAll long seed) {
    Random random = new Random(seed);
    TestModel.Node node =
        node("ConvInteger")
            .in("x", "w")
            .with("pads", padded ? ints(1, 0, 1, 2) : ints(0, 0, 0, 0))
            .with("group", groups ? 2 : 1);
    Reference.ofNode(10, zeros ? node.in("zx", "zw") : node, "y")
        .input("x", integers(ElementType.UINT8, random, 1, 4, 5, 6))
        .constant("w", integers(ElementType.UINT8, random, 6, groups ? 2 : 4, 3, 3))
        .constant("zx", integers(ElementType.UINT8, random))
        .constant("zw", integers(ElementType.UINT8, random))
        .verify();
  }

  @Property(tries = 40)
  void qLinearConv(
      @ForAll("bytes") ElementType x,
      @ForAll boolean channels,
      @ForAll boolean bias,
      @ForAll boolean padded,
      @ForAll long seed) {
    Random random = new Random(seed);
    ElementType w = x == ElementType.INT8 || channels ? ElementType.INT8 : ElementType.UINT8;
    long[] perChannel = channels ? new long[] {6} : new long[0];
    TestModel.Node node =
        node("QLinearConv")
            .in("x", "sx", "zx", "w", "sw", "zw", "sy", "zy")
            .with("strides", ints(2, 1))
            .with("pads", padded ? ints(1, 0, 1, 2) : ints(0, 0, 0, 0));
    Tensor zw =
        w == ElementType.INT8
            ? Tensor.ofLongs(w, ImmutableLongArray.copyOf(perChannel), _ -> 0)
            : integers(w, random, perChannel);
    Reference.ofNode(10, bias ? node.in("b") : node, "y")
        .input("x", integers(x, random, 1, 4, 5, 6))
        .constant("sx", scales(random))
        .constant("zx", integers(x, random))
        .constant("w", integers(w, random, 6, 4, 3, 3))
        .constant("sw", scales(random, perChannel))
        .constant("zw", zw)
        .constant("sy", Tensor.scalar(ElementType.FLOAT32, 90 * random.nextDouble(0.5, 1)))
        .constant("zy", integers(x, random))
        .constant("b", integers(ElementType.INT32, random, 6))
        .verify();
  }
}
