package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.node;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

/** Functions of single elements and of several that are broadcast. */
class ElementwiseOperatorsTest {
  /** Two shapes that broadcast to each other. */
  record Shapes(ImmutableLongArray a, ImmutableLongArray b) {}

  @Provide
  Arbitrary<String> unary() {
    return Arbitraries.of(
        "Abs",
        "Atan",
        "Asinh",
        "Ceil",
        "Cos",
        "Cosh",
        "Erf",
        "Exp",
        "Floor",
        "Neg",
        "Reciprocal",
        "Round",
        "Sign",
        "Sin",
        "Sinh",
        "Tan",
        "Tanh",
        "Sigmoid",
        "Relu",
        "Softplus",
        "Softsign",
        "HardSwish",
        "Mish",
        "Elu",
        "LeakyRelu",
        "HardSigmoid",
        "Selu",
        "Celu",
        "ThresholdedRelu",
        "Identity",
        "IsNaN",
        "IsInf");
  }

  @Property(tries = 150)
  void unary(@ForAll("unary") String operator, @ForAll("shapes") Shapes shapes, @ForAll long seed) {
    Tensor x = numbers(ElementType.FLOAT32, shapes.a, seed);
    Reference.ofNode(18, node(operator).in("x"), "y").input("x", x).verify();
  }

  @Property(tries = 40)
  void unaryOfPositives(@ForAll("shapes") Shapes shapes, @ForAll long seed) {
    Random random = new Random(seed);
    Tensor x =
        Tensor.ofDoubles(ElementType.FLOAT32, shapes.a, _ -> random.nextDouble() * 0.9 + 0.05);
    for (String operator : List.of("Sqrt", "Log", "Acos", "Asin", "Atanh")) {
      Reference.ofNode(18, node(operator).in("x"), "y").input("x", x).verify();
    }
  }

  @Property(tries = 40)
  void activationsWithParameters(
      @ForAll @DoubleRange(min = 0.1, max = 2) double alpha,
      @ForAll @DoubleRange(min = -1, max = 1) double beta,
      @ForAll long seed) {
    Tensor x = Tensors.random(seed, 3, 5);
    for (String operator : List.of("Elu", "LeakyRelu", "Celu", "ThresholdedRelu")) {
      Reference.ofNode(18, node(operator).in("x").with("alpha", alpha), "y").input("x", x).verify();
    }
    Reference.ofNode(18, node("HardSigmoid").in("x").with("alpha", alpha).with("beta", beta), "y")
        .input("x", x)
        .verify();
    Reference.ofNode(18, node("Selu").in("x").with("alpha", alpha).with("gamma", beta + 2), "y")
        .input("x", x)
        .verify();
    Reference.ofNode(18, node("PRelu").in("x", "slope"), "y")
        .input("x", x)
        .constant("slope", Tensors.random(seed, 5))
        .verify();
  }

  @Property(tries = 20)
  void gelu(@ForAll long seed) {
    for (String approximation : List.of("none", "tanh")) {
      Reference.ofNode(20, node("Gelu").in("x").with("approximate", approximation), "y")
          .input("x", Tensors.random(seed, 4, 5))
          .verify();
    }
  }

  @Property(tries = 60)
  void clip(
      @ForAll @DoubleRange(min = -1, max = 1) double low,
      @ForAll @DoubleRange(min = -1, max = 1) double high,
      @ForAll boolean constant,
      @ForAll long seed) {
    Reference reference =
        Reference.ofNode(18, node("Clip").in("x", "low", "high"), "y")
            .input("x", Tensors.random(seed, 4, 5));
    Tensor least = Tensor.scalar(ElementType.FLOAT32, low);
    Tensor most = Tensor.scalar(ElementType.FLOAT32, high);
    if (constant) {
      reference.constant("low", least).constant("high", most).verify();
    } else {
      reference.input("low", least).input("high", most).verify();
    }
  }

  @Property(tries = 40)
  void clipOfIntegers(@ForAll ElementType type, @ForAll long seed) {
    ElementType integer =
        type.isInteger() && type.bits() >= 32 && type.kind() == ElementType.Kind.SIGNED
            ? type
            : ElementType.INT32;
    Reference.ofNode(18, node("Clip").in("x", "low"), "y")
        .input("x", Tensors.random(TensorType.of(integer, 4, 5), seed))
        .constant("low", Tensor.scalar(integer, -2))
        .verify();
  }

  @Property(tries = 150)
  void binary(
      @ForAll("arithmetic") String operator, @ForAll("shapes") Shapes shapes, @ForAll long seed) {
    for (ElementType type : List.of(ElementType.FLOAT32, ElementType.INT64)) {
      Reference.ofNode(18, node(operator).in("a", "b"), "y")
          .input("a", numbers(type, shapes.a, seed))
          .input("b", notZero(numbers(type, shapes.b, seed + 1)))
          .verify();
    }
  }

  @Provide
  Arbitrary<String> arithmetic() {
    return Arbitraries.of(
        "Add",
        "Sub",
        "Mul",
        "Div",
        "Min",
        "Max",
        "Equal",
        "Less",
        "LessOrEqual",
        "Greater",
        "GreaterOrEqual");
  }

  @Property(tries = 30)
  void variadic(@ForAll("shapes") Shapes shapes, @ForAll long seed) {
    for (String operator : List.of("Sum", "Mean", "Max", "Min")) {
      Reference.ofNode(18, node(operator).in("a", "b", "a"), "y")
          .input("a", numbers(ElementType.FLOAT32, shapes.a, seed))
          .input("b", numbers(ElementType.FLOAT32, shapes.b, seed + 1))
          .verify();
    }
  }

  @Property(tries = 30)
  void logical(@ForAll("shapes") Shapes shapes, @ForAll long seed) {
    for (String operator : List.of("And", "Or", "Xor")) {
      Reference.ofNode(18, node(operator).in("a", "b"), "y")
          .input("a", numbers(ElementType.BOOL, shapes.a, seed))
          .input("b", numbers(ElementType.BOOL, shapes.b, seed + 1))
          .verify();
    }
    Reference.ofNode(18, node("Not").in("a"), "y")
        .input("a", numbers(ElementType.BOOL, shapes.a, seed))
        .verify();
  }

  @Property(tries = 40)
  void modulo(@ForAll("shapes") Shapes shapes, @ForAll long seed) {
    Tensor a = numbers(ElementType.INT32, shapes.a, seed);
    Tensor b = notZero(numbers(ElementType.INT32, shapes.b, seed + 1));
    Reference.ofNode(18, node("Mod").in("a", "b"), "y").input("a", a).input("b", b).verify();
    Reference.ofNode(18, node("Mod").in("a", "b").with("fmod", 1), "y")
        .input("a", numbers(ElementType.FLOAT32, shapes.a, seed))
        .input("b", notZero(numbers(ElementType.FLOAT32, shapes.b, seed)))
        .verify();
  }

  @Property(tries = 30)
  void power(@ForAll("shapes") Shapes shapes, @ForAll long seed) {
    Random random = new Random(seed);
    Tensor base = Tensor.ofDoubles(ElementType.FLOAT32, shapes.a, _ -> random.nextDouble() + 0.5);
    for (ElementType exponent : List.of(ElementType.FLOAT32, ElementType.INT64)) {
      Reference.ofNode(18, node("Pow").in("a", "b"), "y")
          .input("a", base)
          .input("b", numbers(exponent, shapes.b, seed))
          .within(1e-4)
          .verify();
    }
  }

  @Property(tries = 30)
  void where(@ForAll("shapes") Shapes shapes, @ForAll long seed) {
    Reference.ofNode(18, node("Where").in("c", "a", "b"), "y")
        .input("c", numbers(ElementType.BOOL, shapes.a, seed))
        .input("a", Tensors.random(seed))
        .input("b", numbers(ElementType.FLOAT32, shapes.b, seed))
        .verify();
  }

  @Property(tries = 60)
  void cast(@ForAll("castable") ElementType from, @ForAll("castable") ElementType to) {
    Tensor x = Tensors.random(TensorType.of(from, 3, 4), from.bits());
    boolean negativeToUnsigned =
        to.kind() == ElementType.Kind.UNSIGNED && from.kind() != ElementType.Kind.UNSIGNED;
    if (!(from.isFloating() && negativeToUnsigned)) {
      TestModel.Node node = node("Cast").in("x").with("to", CAST_NUMBERS.indexOf(to.text()));
      Reference.ofNode(18, node, "y").input("x", x).within(1e-2).verify();
    }
  }

  /** ONNX's numbers of element types are positions here. */
  private static final List<String> CAST_NUMBERS =
      List.of(
          "", "float", "uint8", "int8", "", "int16", "int32", "int64", "", "bool", "float16",
          "double");

  @Provide
  Arbitrary<ElementType> castable() {
    return Arbitraries.of(
        ElementType.FLOAT32,
        ElementType.FLOAT64,
        ElementType.FLOAT16,
        ElementType.UINT8,
        ElementType.INT8,
        ElementType.INT16,
        ElementType.INT32,
        ElementType.INT64,
        ElementType.BOOL);
  }

  @Provide
  Arbitrary<Shapes> shapes() {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(1, 4);
    Arbitrary<Integer> choices = Arbitraries.integers().between(0, 2);
    return sizes
        .list()
        .ofMaxSize(4)
        .flatMap(dims ->
            choices
                .list()
                .ofSize(dims.size())
                .flatMap(which ->
                    Arbitraries.integers()
                        .between(0, dims.size())
                        .map(dropped -> shapes(dims, which, dropped))));
  }

  /** Some sizes become 1 on one of the sides, and b lacks some leading ones. */
  private static Shapes shapes(List<Integer> dims, List<Integer> which, int dropped) {
    long[] a = new long[dims.size()];
    long[] b = new long[dims.size() - dropped];
    for (int i = 0; i < a.length; i++) {
      a[i] = which.get(i) == 0 ? 1 : dims.get(i);
      if (i >= dropped) {
        b[i - dropped] = which.get(i) == 1 ? 1 : dims.get(i);
      }
    }
    return new Shapes(ImmutableLongArray.copyOf(a), ImmutableLongArray.copyOf(b));
  }

  private static Tensor numbers(ElementType type, ImmutableLongArray sizes, long seed) {
    return Tensors.random(TensorType.of(type, sizes.toArray()), seed);
  }

  private static Tensor notZero(Tensor tensor) {
    return tensor.elementType().isFloating()
        ? Tensor.ofDoubles(
            tensor.elementType(),
            tensor.sizes(),
            i -> Math.copySign(Math.abs(tensor.getDouble(i)) + 0.1, tensor.getDouble(i)))
        : Tensor.ofLongs(
            tensor.elementType(),
            tensor.sizes(),
            i -> tensor.getLong(i) == 0 ? 3 : tensor.getLong(i));
  }
}
