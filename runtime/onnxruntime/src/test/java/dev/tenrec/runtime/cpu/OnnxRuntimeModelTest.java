package dev.tenrec.runtime.cpu;

import static dev.tenrec.ir.Terms.constant;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Elementwise.Select;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Indexing.Gather;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Shuffle.Unsqueeze;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.ir.text.GraphParser;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** ONNX Runtime as a backend: types, open sizes, errors and threads. */
class OnnxRuntimeModelTest {
  private static final TensorType ROWS =
      new TensorType(ElementType.FLOAT32, Shape.of(Dim.symbol("N"), Dim.of(3)));

  @ParameterizedTest
  @EnumSource(
      names = {
        "FLOAT32",
        "FLOAT64",
        "FLOAT16",
        "BFLOAT16",
        "INT8",
        "INT16",
        "INT32",
        "INT64",
        "UINT8",
        "BOOL"
      })
  void passesTensorsOfAllTypes(ElementType type) {
    Tensor x = Tensors.random(TensorType.of(type, 2, 3), 1);
    Graph graph = graph(TensorType.of(x), value -> new Unsqueeze(value, ImmutableList.of(0)));
    try (OnnxRuntimeModel model = OnnxRuntimeModel.of(graph)) {
      assertThat(model.run(ImmutableMap.of("x", x)))
          .containsExactly(Map.entry("y", x.withSizes(Tensors.sizes(1, 2, 3))));
    }
  }

  @Test
  void bindsOpenSizes() {
    try (OnnxRuntimeModel model = OnnxRuntimeModel.of(graph(ROWS, OnnxRuntimeModelTest::negated))) {
      for (int rows : new int[] {1, 4, 0}) {
        Tensor x = Tensors.random(1, rows, 3);
        assertThat(model.run(ImmutableMap.of("x", x)).get("y")).hasToString(x.toString());
      }
    }
  }

  @Test
  void refusesInputsThatDoNotFit() {
    try (OnnxRuntimeModel model = OnnxRuntimeModel.of(graph(ROWS, OnnxRuntimeModelTest::negated))) {
      assertRefused(model, ImmutableMap.of(), "input 'x' is missing");
      assertRefused(model, ImmutableMap.of("x", Tensors.random(1, 2, 4)), "input 'x' must be");
      assertRefused(
          model,
          ImmutableMap.of("x", Tensors.random(1, 2, 3), "z", Tensors.random(1, 2)),
          "no input is named 'z'");
    }
  }

  private static void assertRefused(
      OnnxRuntimeModel model, ImmutableMap<String, Tensor> inputs, String problem) {
    assertThatThrownBy(() -> model.run(inputs))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining(problem);
  }

  @Test
  void reportsFailuresAtRunTime() {
    Value table = constant(Tensors.random(1, 3, 2));
    Graph graph = graph(TensorType.of(ElementType.INT64, 1), x -> new Gather(table, x, 0));
    try (OnnxRuntimeModel model = OnnxRuntimeModel.of(graph)) {
      assertThatThrownBy(() -> model.run(ImmutableMap.of("x", Tensor.ofLongs(7))))
          .isInstanceOfSatisfying(
              TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_FAILURE))
          .hasMessageContaining("ONNX Runtime");
    }
  }

  @Test
  void reportsOperationsWithoutImplementation() {
    Graph graph = graph(TensorType.of(ElementType.BOOL, 2), x -> new Select(x, x, x));
    assertThatThrownBy(() -> OnnxRuntimeModel.of(graph))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("NOT_IMPLEMENTED");
  }

  @Test
  void runsInSeveralThreads() throws Exception {
    try (OnnxRuntimeModel model = OnnxRuntimeModel.of(graph(ROWS, OnnxRuntimeModelTest::negated));
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Tensor>> runs = new ArrayList<>();
      for (int i = 0; i < 16; i++) {
        Tensor x = Tensors.random(i, i + 1, 3);
        runs.add(() -> model.run(ImmutableMap.of("x", x)).values().iterator().next());
      }
      List<Future<Tensor>> results = threads.invokeAll(runs);
      for (int i = 0; i < results.size(); i++) {
        Tensor x = Tensors.random(i, i + 1, 3);
        Tensor expected = Tensor.ofDoubles(x.elementType(), x.sizes(), k -> -x.getDouble(k));
        assertThat(results.get(i).get()).isEqualTo(expected);
      }
    }
  }

  private static Op negated(Value x) {
    return new Unary(UnaryKind.NEG, x);
  }

  private static Graph graph(TensorType type, Function<Value, Op> op) {
    GraphBuilder builder = new GraphBuilder("test");
    Value x = builder.input("x", type);
    builder.output("y", builder.add(op.apply(x)));
    return builder.build();
  }

  @Test
  void refusesWhatDoesNotFitIntoMemory() {
    Graph graph =
        GraphParser.parse(
            """
            g () => (float[1000000,1000000,1000000] y) {
              one = Constant<value=float[1] {1}>()
              shape = Constant<value=int64[3] {1000000, 1000000, 1000000}>()
              y = Expand(one, shape)
            }
            """);
    assertThatThrownBy(() -> OnnxRuntimeModel.of(graph))
        .hasMessageContaining("TOO_LARGE")
        .hasMessageContaining("float[1000000,1000000,1000000] does not fit into the");
  }
}
