package dev.tenrec.runtime.cpu;

import static dev.tenrec.onnx.TestModel.node;

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

/** Operators on the bits of integers, and arithmetic that wraps around. */
class IntegerOperatorsTest {
  @Provide
  Arbitrary<ElementType> integers() {
    return Arbitraries.of(
        ElementType.INT8,
        ElementType.INT16,
        ElementType.INT32,
        ElementType.INT64,
        ElementType.UINT8);
  }

  private static Tensor random(ElementType type, Random random, long... sizes) {
    return Tensor.ofLongs(type, Tensors.sizes(sizes), _ -> random.nextLong());
  }

  @Property(tries = 40)
  void bitwise(@ForAll("integers") ElementType type, @ForAll long seed) {
    Random random = new Random(seed);
    for (String operator : List.of("BitwiseAnd", "BitwiseOr", "BitwiseXor")) {
      Reference.ofNode(18, node(operator).in("a", "b"), "y")
          .input("a", random(type, random, 2, 3))
          .input("b", random(type, random, 3))
          .verify();
    }
    Reference.ofNode(18, node("BitwiseNot").in("a"), "y")
        .input("a", random(type, random, 4))
        .verify();
  }

  /** By less than the width: what happens beyond it ONNX leaves open. */
  @Property(tries = 40)
  void shifts(@ForAll boolean left, @ForAll long seed) {
    Random random = new Random(seed);
    for (ElementType type : List.of(ElementType.UINT8, ElementType.UINT32, ElementType.UINT64)) {
      // By way of int64, because ONNX Runtime's Java API has no other unsigned types.
      int number = type == ElementType.UINT8 ? 2 : type == ElementType.UINT32 ? 12 : 13;
      TestModel model =
          TestModel.opset(18)
              .node(node("Cast").in("a").out("ua").with("to", number))
              .node(node("Cast").in("b").out("ub").with("to", number))
              .node(
                  node("BitShift")
                      .in("ua", "ub")
                      .out("uy")
                      .with("direction", left ? "LEFT" : "RIGHT"))
              .node(node("Cast").in("uy").out("y").with("to", 7))
              .output("y");
      Tensor amounts =
          Tensor.ofLongs(ElementType.INT64, Tensors.sizes(3), _ -> random.nextInt(type.bits()));
      Reference.of(model)
          .input("a", random(ElementType.INT64, random, 2, 3))
          .input("b", amounts)
          .verify();
    }
  }

  @Property(tries = 40)
  void arithmeticWrapsAround(@ForAll("integers") ElementType type, @ForAll long seed) {
    Random random = new Random(seed);
    for (String operator : List.of("Add", "Sub", "Mul")) {
      boolean known = type == ElementType.INT32 || type == ElementType.INT64;
      if (known || type.bits() <= 8) {
        Reference.ofNode(14, node(operator).in("a", "b"), "y")
            .input("a", random(type, random, 2, 3))
            .input("b", random(type, random, 3))
            .verify();
      }
    }
  }

  @Property(tries = 40)
  void castsKeepTheLowBits(
      @ForAll("integers") ElementType from, @ForAll("integers") ElementType to, @ForAll long seed) {
    Random random = new Random(seed);
    Reference.ofNode(19, node("Cast").in("x").with("to", number(to)), "y")
        .input("x", random(from, random, 5))
        .verify();
  }

  private static int number(ElementType type) {
    return switch (type) {
      case UINT8 -> 2;
      case INT8 -> 3;
      case INT16 -> 5;
      case INT32 -> 6;
      default -> 7;
    };
  }
}
