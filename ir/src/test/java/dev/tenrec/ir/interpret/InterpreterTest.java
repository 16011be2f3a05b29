package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.run;
import static dev.tenrec.ir.testing.Tensors.counting;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.longs;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.Location;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Twice;
import dev.tenrec.ir.text.GraphParser;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InterpreterTest {
  @Test
  void runsNodesInOrderAndGivesOutputsByName() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N,2] x, float[2] b) => (float[N,2] sum, float[N,2] same = x, int64[2] s = sh) {
              sum = Add(x, b)
              sh = ShapeOf(x)
              unread = Neg(sum)
            }
            """);
    Interpreter interpreter = Interpreter.of(graph);
    Tensor x = floats(sizes(2, 2), 1, 2, 3, 4);
    Map<String, Tensor> outputs = interpreter.run(Map.of("x", x, "b", floats(10, 20)));
    assertThat(outputs.keySet()).containsExactly("sum", "same", "s");
    assertThat(outputs)
        .containsEntry("sum", floats(sizes(2, 2), 11, 22, 13, 24))
        .containsEntry("same", x)
        .containsEntry("s", Tensor.ofLongs(2, 2));
    assertThat(interpreter.signature().inputs()).containsOnlyKeys("x", "b");
  }

  @Test
  void symbolsTakeTheSizesOfTheInputs() {
    Graph graph =
        GraphParser.parse("g (float[N,M] x) => (int64[1] y) { y = Sizes<dims=[N*M + 1]>() }");
    assertThat(run(graph, floats(sizes(0, 5)))).containsEntry("y", Tensor.ofLongs(1));
    assertThat(run(graph, floats(sizes(1, 2), 0, 0))).containsEntry("y", Tensor.ofLongs(3));
  }

  @Test
  void inputsAreChecked() {
    Graph graph = GraphParser.parse("g (float[N,2] x, float[N] y) => (float[N] z) { z = Neg(y) }");
    Interpreter interpreter = Interpreter.of(graph);
    Tensor x = counting(ElementType.FLOAT32, 3, 2);
    assertThatThrownBy(() -> interpreter.run(Map.of("x", x)))
        .hasMessageContaining("input 'y' is missing");
    assertThatThrownBy(() -> interpreter.run(Map.of("x", x, "y", floats(1, 2))))
        .hasMessageContaining("size N is 2 here and 3 in another input");
    assertThatThrownBy(() -> interpreter.run(Map.of("x", floats(1), "y", floats(1))))
        .hasMessageContaining("input 'x' must be float[N,2], but is float[1]");
    assertThatThrownBy(() -> interpreter.run(Map.of("x", x, "y", floats(1, 2, 3), "z", x)))
        .hasMessageContaining("no input is named 'z'");
  }

  @Test
  void errorsTellThePlace() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
    Value at = builder.input("at", TensorType.of(ElementType.INT64));
    Location place = new Location.OnnxNode("m.onnx", "graph", 4, "pick", "Gather", "");
    Node gather = builder.add(Node.of(new Gather(x, at, 0), place, List.of("y")));
    builder.output("y", gather.result());
    Graph graph = builder.build();
    assertThat(run(graph, floats(5, 6), longs(sizes(), 1))).containsEntry("y", floats(sizes(), 6));
    assertThatThrownBy(() -> run(graph, floats(5, 6), longs(sizes(), 2)))
        .isInstanceOfSatisfying(
            TenrecException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT);
              assertThat(e.location()).isEqualTo(place);
            })
        .hasMessageContaining("m.onnx:graph/node[4] 'pick' (Gather): Gather: position 2");
  }

  @Test
  void operationsFromOutsideBringTheirMeaning() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
    builder.output("y", builder.add(new Unary(UnaryKind.NEG, builder.add(new Twice(x)))));
    assertThat(run(builder.build(), floats(1, 2))).containsEntry("y", floats(-2, -4));
  }

  @Test
  void tensorsAreFreedOnceNothingReadsThem() {
    List<WeakReference<Tensor>> seen = new ArrayList<>();
    List<Boolean> freed = new ArrayList<>();
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 2));
    Value negative = builder.add(new Unary(UnaryKind.NEG, x));
    Value twice = builder.add(new Twice(negative, tensor -> seen.add(new WeakReference<>(tensor))));
    builder.output("y", builder.add(new Twice(twice, _ -> freed.add(isFreed(seen.getFirst())))));
    assertThat(run(builder.build(), floats(1, 2))).containsEntry("y", floats(-4, -8));
    assertThat(freed).containsExactly(true);
  }

  private static boolean isFreed(WeakReference<Tensor> reference) {
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
    }
    return reference.get() == null;
  }
}
