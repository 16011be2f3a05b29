package dev.tenrec.passes.quantize.weights;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Normalization.RmsNorm;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.calibration.Observation;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BalanceChannelsTest {
  private static final int CHANNELS = 64;
  private static final int ROWS = 200;

  private static Tensor normal(long seed, double size, long... sizes) {
    Random random = new Random(seed);
    return Tensor.ofDoubles(
        ElementType.FLOAT32, ImmutableLongArray.copyOf(sizes), _ -> random.nextGaussian() * size);
  }

  /** A few channels are fifty times as large as the others. */
  private static Tensor scale() {
    return Tensor.ofDoubles(
        ElementType.FLOAT32, ImmutableLongArray.of(CHANNELS), i -> i % 16 == 5 ? 50 : 1);
  }

  private static Value weights(long seed) {
    return Terms.constant(normal(seed, 0.05, CHANNELS, CHANNELS));
  }

  private static Graph graph(GraphBuilder builder, Value... outputs) {
    for (int i = 0; i < outputs.length; i++) {
      Node producer = outputs[i].producer().orElseThrow();
      builder.add(producer, producer.location());
      builder.output("y" + i, outputs[i]);
    }
    return builder.build();
  }

  private static Value input(GraphBuilder builder) {
    return builder.input("x", TensorType.of(ElementType.FLOAT32, ROWS, CHANNELS));
  }

  private static QuantizeWeights pass(WeightMethod method) {
    Tensor rows = normal(7, 1, ROWS, CHANNELS);
    return new QuantizeWeights(
        new WeightSettings(ElementType.INT4, CHANNELS, method),
        Optional.of((graph, observers) ->
            Observation.observe(
                graph, observers, List.of(ImmutableMap.of("x", rows)), Interpreter::of)));
  }

  private static double distance(Graph graph, Graph other) {
    ImmutableMap<String, Tensor> inputs = ImmutableMap.of("x", normal(8, 1, ROWS, CHANNELS));
    Map<String, Tensor> actual = Interpreter.of(other).run(inputs);
    double errors = 0;
    double squares = 0;
    for (Map.Entry<String, Tensor> output : Interpreter.of(graph).run(inputs).entrySet()) {
      double[] expected = output.getValue().toDoubles();
      double[] found = Objects.requireNonNull(actual.get(output.getKey())).toDoubles();
      squares += Vectors.squares(expected);
      for (int i = 0; i < expected.length; i++) {
        errors += (expected[i] - found[i]) * (expected[i] - found[i]);
      }
    }
    return errors / squares;
  }

  private static Graph balanced(Graph graph) {
    return new BalanceChannels(graph, pass(WeightMethod.AWQ)).run();
  }

  private static void assertGains(Graph graph) {
    assertThat(distance(graph, balanced(graph))).isLessThan(1e-10);
    Graph awq = pass(WeightMethod.AWQ).run(graph, PassContext.unlimited());
    Graph mse = pass(WeightMethod.MSE).run(graph, PassContext.unlimited());
    assertThat(distance(graph, awq)).isLessThan(0.95 * distance(graph, mse));
  }

  @Test
  void normalizationsTakeTheFactors() {
    GraphBuilder builder = new GraphBuilder("g");
    Value norm = new RmsNorm(input(builder), Terms.constant(scale()), 1, 1e-6).value();
    Value first = new MatMul(norm, weights(1)).value();
    Value second = new MatMul(norm, weights(2), false, true).value();
    assertGains(graph(builder, first, second));
  }

  @Test
  void projectionsTakeTheFactors() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = input(builder);
    Tensor columns = normal(3, 0.05, CHANNELS, CHANNELS);
    Tensor scaled =
        Tensor.ofDoubles(
            ElementType.FLOAT32,
            columns.sizes(),
            i -> columns.getDouble(i) * (i % 16 == 5 ? 50 : 1));
    Value projection = new MatMul(x, Terms.constant(scaled)).value();
    Value gated = new Binary(BinaryKind.MUL, x, projection).value();
    assertGains(graph(builder, new MatMul(gated, weights(4)).value()));
  }

  @Test
  void whatOthersReadStays() {
    GraphBuilder builder = new GraphBuilder("g");
    Value norm = new RmsNorm(input(builder), Terms.constant(scale()), 1, 1e-6).value();
    Graph graph = graph(builder, new MatMul(norm, weights(1)).value(), norm);
    assertThat(balanced(graph)).isSameAs(graph);
  }

  @Test
  void whatNoConstantScalesStays() {
    GraphBuilder builder = new GraphBuilder("g");
    Graph graph = graph(builder, new MatMul(input(builder), weights(1)).value());
    assertThat(balanced(graph)).isSameAs(graph);
  }
}
