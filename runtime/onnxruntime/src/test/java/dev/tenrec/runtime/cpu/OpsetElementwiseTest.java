package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.node;

import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.onnx.TestModel;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.LongRange;

/** Functions of single elements in the forms of all opsets. */
class OpsetElementwiseTest {
  /** Parameters of activation functions and the opset that brought them. */
  private record Activation(long since, List<String> parameters) {}

  private static final Map<String, Activation> ACTIVATIONS =
      Map.of(
          "Elu", new Activation(6, List.of("alpha")),
          "LeakyRelu", new Activation(6, List.of("alpha")),
          "Selu", new Activation(6, List.of("alpha", "gamma")),
          "HardSigmoid", new Activation(6, List.of("alpha", "beta")),
          "ThresholdedRelu", new Activation(10, List.of("alpha")),
          "Celu", new Activation(12, List.of("alpha")),
          "HardSwish", new Activation(14, List.of()),
          "Mish", new Activation(18, List.of()),
          "Softplus", new Activation(1, List.of()),
          "Softsign", new Activation(1, List.of()));

  @Provide
  Arbitrary<String> activations() {
    return Arbitraries.of(ACTIVATIONS.keySet());
  }

  @Property(tries = 1500)
  void activation(
      @ForAll("activations") String operator,
      @ForAll @LongRange(min = 7, max = 23) long opset,
      @ForAll long seed) {
    Activation activation = Objects.requireNonNull(ACTIVATIONS.get(operator));
    Draw draw = new Draw(Math.max(opset, activation.since()), seed);
    TestModel.Node node = node(operator).in("x");
    for (String parameter : activation.parameters()) {
      if (draw.flip()) {
        node.with(parameter, draw.between(0.1, 2.0));
      }
    }
    Reference.ofNode(draw.opset(), node, "y")
        .input("x", draw.floats(draw.sizes(draw.between(0, 3))))
        .verify();
  }

  /** Bounds are attributes before opset 11, inputs since. */
  @Property(tries = 600)
  void clip(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    TestModel.Node node = node("Clip").in("x");
    Reference reference = Reference.ofNode(opset, node, "y");
    for (String bound : List.of("min", "max")) {
      boolean given = draw.flip();
      double value = bound.equals("min") ? draw.between(-1.0, 0.0) : draw.between(0.0, 1.0);
      if (draw.since(11)) {
        node.in(given ? bound : "");
        if (given) {
          reference.constant(bound, Tensor.scalar(ElementType.FLOAT32, value));
        }
      } else if (given) {
        node.with(bound, value);
      }
    }
    reference.input("x", draw.floats(draw.sizes(2))).verify();
  }

  @Provide
  Arbitrary<String> arithmetic() {
    return Arbitraries.of(
        "Add", "Sub", "Mul", "Div", "Greater", "Less", "Equal", "GreaterOrEqual", "LessOrEqual");
  }

  /** Broadcasting in both directions since opset 7; comparisons take floats at different times. */
  @Property(tries = 1500)
  void binary(
      @ForAll("arithmetic") String operator,
      @ForAll @LongRange(min = 7, max = 23) long opset,
      @ForAll long seed) {
    boolean orEqual = operator.endsWith("OrEqual");
    Draw draw = new Draw(orEqual ? Math.max(opset, 12) : opset, seed);
    boolean integers = !draw.since(9) ? operator.equals("Equal") : draw.flip();
    boolean floats = operator.equals("Equal") ? draw.since(11) : true;
    ElementType type = integers || !floats ? ElementType.INT32 : ElementType.FLOAT32;
    long[] sizes = draw.sizes(draw.between(1, 3));
    long[] other = draw.broadcastable(sizes);
    boolean swapped = draw.flip();
    Reference.ofNode(draw.opset(), node(operator).in("a", "b"), "y")
        .input("a", draw.whole(type, 1, 6, swapped ? other : sizes))
        .input("b", draw.whole(type, 1, 6, swapped ? sizes : other))
        .verify();
  }

  /** Any number of operands; broadcast since opset 8. */
  @Property(tries = 800)
  void variadic(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int count = draw.between(1, 4);
    TestModel.Node node = node(draw.of("Max", "Min", "Sum", "Mean"));
    Reference reference = Reference.ofNode(opset, node, "y");
    long[] sizes = draw.sizes(draw.between(1, 3));
    for (int i = 0; i < count; i++) {
      node.in("x" + i);
      reference.input(
          "x" + i, draw.floats(i == 0 || !draw.since(8) ? sizes : draw.broadcastable(sizes)));
    }
    reference.verify();
  }

  /** Base and exponent may have different types since opset 12. */
  @Property(tries = 500)
  void pow(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(2);
    ElementType exponent =
        draw.since(12)
            ? draw.of(ElementType.FLOAT32, ElementType.INT32, ElementType.INT64)
            : ElementType.FLOAT32;
    Reference.ofNode(opset, node("Pow").in("a", "b"), "y")
        .input("a", draw.positive(sizes))
        .input("b", draw.whole(exponent, 0, 3, draw.broadcastable(sizes)))
        .verify();
  }

  /** The sign of the divisor, or C's fmod. */
  @Property(tries = 300)
  void mod(@ForAll @LongRange(min = 10, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    boolean floats = draw.flip();
    ElementType type = floats ? ElementType.FLOAT32 : ElementType.INT32;
    long[] sizes = draw.sizes(2);
    Reference.ofNode(
            opset, node("Mod").in("a", "b").with("fmod", floats ? 1 : draw.between(0, 1)), "y")
        .input("a", draw.whole(type, -9, 9, sizes))
        .input("b", Tensor.scalar(type, draw.of(-4, -3, 2, 5)))
        .verify();
  }

  /** The slope is broadcast to x. */
  @Property(tries = 300)
  void parametricRelu(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(draw.between(1, 4));
    Reference.ofNode(opset, node("PRelu").in("x", "slope"), "y")
        .input("x", draw.floats(sizes))
        .input("slope", draw.floats(draw.broadcastable(sizes)))
        .verify();
  }

  /**
   * Nothing happens outside of training, however the ratio is given. What the mask holds is defined
   * since opset 12.
   */
  @Property(tries = 300)
  void dropout(@ForAll @LongRange(min = 7, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    TestModel.Node node = node("Dropout").in("x");
    Reference reference =
        draw.since(12) && draw.flip()
            ? Reference.ofNode(opset, node, "y", "mask")
            : Reference.ofNode(opset, node, "y");
    if (draw.flip() && draw.since(12)) {
      node.in("ratio");
      reference.constant("ratio", Tensor.scalar(ElementType.FLOAT32, 0.3));
    } else if (!draw.since(12)) {
      node.with("ratio", 0.3);
    }
    reference.input("x", draw.floats(draw.sizes(2))).verify();
  }

  @Property(tries = 300)
  void selection(@ForAll @LongRange(min = 10, max = 23) long opset, @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    long[] sizes = draw.sizes(3);
    Reference.ofNode(opset, node("Where").in("c", "a", "b"), "y")
        .input("c", draw.whole(ElementType.BOOL, 0, 1, draw.broadcastable(sizes)))
        .input("a", draw.floats(sizes))
        .input("b", draw.floats(draw.broadcastable(sizes)))
        .verify();
    Reference.ofNode(
            opset,
            node("IsInf")
                .in("x")
                .with("detect_negative", draw.between(0, 1))
                .with("detect_positive", draw.between(0, 1)),
            "y")
        .input(
            "x", Tensors.floats(1, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, Double.NaN))
        .verify();
  }

  @Provide
  Arbitrary<ElementType> types() {
    return Arbitraries.of(
        ElementType.FLOAT32,
        ElementType.FLOAT64,
        ElementType.FLOAT16,
        ElementType.INT8,
        ElementType.INT16,
        ElementType.INT32,
        ElementType.INT64,
        ElementType.UINT8,
        ElementType.BOOL);
  }

  @Property(tries = 800)
  void cast(
      @ForAll("types") ElementType from,
      @ForAll("types") ElementType to,
      @ForAll @LongRange(min = 9, max = 23) long opset,
      @ForAll long seed) {
    Draw draw = new Draw(opset, seed);
    int least = from == ElementType.UINT8 || to == ElementType.UINT8 ? 0 : -9;
    int most = from == ElementType.BOOL ? 1 : 9;
    Tensor x = draw.whole(from, from == ElementType.BOOL ? 0 : least, most, draw.sizes(2));
    Reference.ofNode(opset, node("Cast").in("x").with("to", TestModel.number(to)), "y")
        .input("x", x)
        .verify();
  }
}
