package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shape;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.dim.Dim;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.Tensors;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Checks that the layers of an operation compute what the operation does: with known and with open
 * sizes, for the oldest and the newest TensorRT, and that TensorRT accepts them where it is set up.
 */
final class LoweringCheck {
  private static final double ABSOLUTE = 1e-5;
  private static final double RELATIVE = 1e-4;

  private LoweringCheck() {}

  /** An operation over inputs with random elements. */
  static void check(Function<List<Value>, Op> operation, TensorType... inputs) {
    check(operation, tensors(inputs));
  }

  static void check(Function<List<Value>, Op> operation, Tensor... inputs) {
    checkKnown(operation, inputs);
    check(graph(operation, inputs, true), inputs);
  }

  /** For operations whose types need known sizes. */
  static void checkKnown(Function<List<Value>, Op> operation, Tensor... inputs) {
    check(graph(operation, inputs, false), inputs);
  }

  static void checkKnown(Function<List<Value>, Op> operation, TensorType... inputs) {
    checkKnown(operation, tensors(inputs));
  }

  private static Tensor[] tensors(TensorType... types) {
    Tensor[] tensors = new Tensor[types.length];
    for (int i = 0; i < types.length; i++) {
      tensors[i] = Tensors.random(types[i], i);
    }
    return tensors;
  }

  /** Equal sizes become equal symbols; 1 stays, because whether it is broadcast must be known. */
  private static TensorType opened(TensorType type) {
    ImmutableList.Builder<Dim> dims = ImmutableList.builder();
    for (Dim dim : type.shape().dims()) {
      long size = dim.value().orElseThrow();
      dims.add(size == 1 ? dim : Dim.symbol("n" + size));
    }
    return type.with(new Shape(dims.build()));
  }

  private static Graph graph(Function<List<Value>, Op> operation, Tensor[] inputs, boolean open) {
    GraphBuilder builder = new GraphBuilder("case");
    ImmutableList.Builder<Value> values = ImmutableList.builder();
    for (int i = 0; i < inputs.length; i++) {
      TensorType type = TensorType.of(inputs[i]);
      values.add(builder.input("x" + i, open ? opened(type) : type));
    }
    Node node = builder.add(Node.of(operation.apply(values.build())));
    for (int i = 0; i < node.results().size(); i++) {
      builder.output("y" + i, node.results().get(i));
    }
    return builder.build();
  }

  private static void check(Graph graph, Tensor... inputs) {
    Map<String, Tensor> named = new HashMap<>();
    for (int i = 0; i < inputs.length; i++) {
      named.put("x" + i, inputs[i]);
    }
    check(graph, named);
  }

  static void check(Graph graph, Map<String, Tensor> inputs) {
    ImmutableMap<String, Tensor> expected = Interpreter.of(graph).run(inputs);
    for (TensorRtVersion version : List.of(TensorRtVersion.OLDEST, TensorRtVersion.NEWEST)) {
      RecordedNetwork network = new RecordedNetwork(version);
      Lowering.lower(graph, network);
      Map<String, Tensor> actual = network.executable().run(inputs);
      try {
        Tensors.assertClose(actual, expected, ABSOLUTE, RELATIVE);
      } catch (AssertionError e) {
        throw new AssertionError(e.getMessage() + "\n" + network.listing(), e);
      }
    }
    if (NetworkValidator.isAvailable()) {
      ShapeProfile profile = ShapeProfile.covering(Signature.of(graph), List.of(inputs));
      assertThat(NetworkValidator.validate(graph, List.of(profile)).messages()).isEmpty();
    }
  }
}
