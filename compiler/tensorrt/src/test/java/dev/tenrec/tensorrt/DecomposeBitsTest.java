package dev.tenrec.tensorrt;

import dev.tenrec.ir.ConvertingExecutable;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Operations on bits, computed by the layers that they become. */
class DecomposeBitsTest {
  private static Tensor random(ElementType type, Random random, long... sizes) {
    long[] special = {0, -1, 1, Integer.MIN_VALUE, Integer.MAX_VALUE, Long.MIN_VALUE};
    return Tensor.ofLongs(
        type,
        Tensors.sizes(sizes),
        _ -> {
          long number = random.nextInt(3) == 0 ? special[random.nextInt(6)] : random.nextLong();
          return type == ElementType.INT32 ? (int) number : number;
        });
  }

  @Property(tries = 40)
  void combine(@ForAll boolean wide, @ForAll Random random) {
    ElementType type = wide ? ElementType.INT64 : ElementType.INT32;
    for (BinaryKind kind : List.of(BinaryKind.BIT_AND, BinaryKind.BIT_OR, BinaryKind.BIT_XOR)) {
      LoweringCheck.check(
          v -> new Binary(kind, v.get(0), v.get(1)),
          random(type, random, 2, 3, 4),
          random(type, random, 3, 1));
    }
  }

  @Property(tries = 10)
  void flip(@ForAll boolean wide, @ForAll Random random) {
    ElementType type = wide ? ElementType.INT64 : ElementType.INT32;
    LoweringCheck.check(v -> new Unary(UnaryKind.BIT_NOT, v.get(0)), random(type, random, 3, 4));
    LoweringCheck.check(v -> new Unary(UnaryKind.BIT_NOT, v.get(0)), random(type, random));
  }

  @Property(tries = 10)
  void shiftRight(@ForAll Random random) {
    Tensor by = Tensor.ofLongs(ElementType.INT32, Tensors.sizes(5), i -> i * 10L);
    LoweringCheck.check(
        v -> new Binary(BinaryKind.SHIFT_RIGHT, v.get(0), v.get(1)),
        random(ElementType.INT32, random, 3, 5),
        by);
  }

  @Property(tries = 20)
  void typesThatTensorRtDoesNotHave(@ForAll Random random) {
    for (ElementType type :
        List.of(ElementType.UINT8, ElementType.UINT16, ElementType.UINT32, ElementType.INT16)) {
      boolean signed = type == ElementType.INT16;
      List<BinaryKind> kinds =
          List.of(BinaryKind.BIT_XOR, signed ? BinaryKind.BIT_OR : BinaryKind.SHIFT_LEFT);
      for (BinaryKind kind : kinds) {
        Tensor by = Tensor.ofLongs(type, Tensors.sizes(4), i -> i * 5L);
        check(new Inputs(random(type, random, 3, 4), by), kind);
      }
    }
    TensorType wide = TensorType.of(ElementType.UINT64, 5);
    check(new Inputs(Tensors.random(wide, 1), Tensors.random(wide, 2)), BinaryKind.BIT_AND);
  }

  private record Inputs(Tensor a, Tensor b) {}

  private static void check(Inputs inputs, BinaryKind kind) {
    GraphBuilder builder = new GraphBuilder("bits");
    Value a = builder.input("a", TensorType.of(inputs.a()));
    Value b = builder.input("b", TensorType.of(inputs.b()));
    builder.output("y", builder.add(new Binary(kind, a, b)));
    Graph graph = builder.build();
    RecordedNetwork network = new RecordedNetwork();
    Lowering.lower(graph, network);
    Map<String, Tensor> given = Map.of("a", inputs.a(), "b", inputs.b());
    Tensors.assertClose(
        new ConvertingExecutable(network.executable(), Signature.of(graph)).run(given),
        Interpreter.of(graph).run(given),
        0,
        0);
  }
}
