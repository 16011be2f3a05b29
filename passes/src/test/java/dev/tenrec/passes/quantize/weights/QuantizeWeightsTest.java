package dev.tenrec.passes.quantize.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.GraphBuilder;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Quantization.Dequantize;
import dev.tenrec.ir.Quantization.Granularity;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.TensorType;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.calibration.Observation;
import dev.tenrec.passes.calibration.SampleBatches;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizeWeightsTest {
  private static Tensor weights(long seed, long... sizes) {
    ImmutableLongArray all = ImmutableLongArray.copyOf(sizes);
    double[] elements = Vectors.weights(seed, (int) all.stream().reduce(1, (a, b) -> a * b));
    return Tensor.ofDoubles(ElementType.FLOAT32, all, i -> elements[i]);
  }

  private static QuantizeWeights pass(ElementType type, int block, WeightMethod method) {
    return new QuantizeWeights(new WeightSettings(type, block, method), Optional.empty());
  }

  private static Graph run(Graph graph, QuantizeWeights pass) {
    return pass.run(graph, PassContext.unlimited());
  }

  /** x [7, k] times the weights. */
  private static Graph product(Tensor weights, boolean transposed) {
    GraphBuilder builder = new GraphBuilder("g");
    long inputs = weights.size(weights.rank() - (transposed ? 1 : 2));
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 7, inputs));
    Value y = new MatMul(x, Terms.constant(weights), false, transposed).value();
    return built(builder, y);
  }

  private static Graph built(GraphBuilder builder, Value y) {
    Node producer = y.producer().orElseThrow();
    builder.add(producer, producer.location());
    builder.output("y", y);
    return builder.build();
  }

  private static Dequantize weights(Graph graph) {
    return graph.nodes().stream()
        .map(node -> node.op())
        .filter(Dequantize.class::isInstance)
        .map(Dequantize.class::cast)
        .findFirst()
        .orElseThrow();
  }

  private static double distance(Graph graph, Graph other, Tensor x) {
    double[] a = y(graph, x);
    double[] b = y(other, x);
    double square = 0;
    for (int i = 0; i < a.length; i++) {
      square += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return square / Vectors.squares(a);
  }

  private static double[] y(Graph graph, Tensor x) {
    return Objects.requireNonNull(Interpreter.of(graph).run(Map.of("x", x)).get("y")).toDoubles();
  }

  @ParameterizedTest
  @CsvSource({
    "INT8, 0, false, [24]",
    "INT8, 0, true, [24]",
    "INT8, 16, false, '[2, 24]'",
    "INT4, 16, false, '[2, 24]'",
    "INT4, 16, true, '[24, 2]'",
    "INT4, 0, true, [24]"
  })
  void productsReadDequantizedNumbers(
      ElementType type, int block, boolean transposed, String scales) {
    Tensor weights = transposed ? weights(1, 24, 32) : weights(1, 32, 24);
    Graph graph = product(weights, transposed);
    Graph quantized = run(graph, pass(type, block, WeightMethod.RTN));
    Dequantize dequantize = weights(quantized);
    assertThat(dequantize.x().constant().orElseThrow().toString())
        .isEqualTo(type.text() + weights.sizes());
    assertThat(dequantize.scale().constant().orElseThrow().sizes()).hasToString(scales);
    assertThat(dequantize.granularity())
        .isEqualTo(
            block == 0
                ? new Granularity.PerAxis(transposed ? 0 : 1)
                : new Granularity.Blocked(transposed ? 1 : 0, block));
    double bound = type == ElementType.INT8 ? 5e-4 : 1e-1;
    assertThat(distance(graph, quantized, Vectors.rows(1, 7, 32))).isBetween(1e-9, bound);
    assertThat(quantized.nodes())
        .noneMatch(node ->
            node.op() instanceof Source.Constant constant && constant.tensor().equals(weights));
  }

  @Test
  void matricesBeforeOthersHaveScalesOfTheirOwn() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 3, 7, 32));
    Value y = new MatMul(x, Terms.constant(weights(4, 3, 32, 16))).value();
    Graph graph = built(builder, y);
    Graph quantized = run(graph, pass(ElementType.INT8, 0, WeightMethod.MSE));
    assertThat(weights(quantized).scale().constant().orElseThrow().sizes().toArray())
        .containsExactly(3, 1, 16);
    Tensor input = Vectors.rows(1, 21, 32).withSizes(ImmutableLongArray.of(3, 7, 32));
    assertThat(distance(graph, quantized, input)).isLessThan(1e-4);
  }

  @ParameterizedTest
  @CsvSource({
    "8, 24, 0, is too small to gain",
    "24, 8, 0, is too small to gain",
    "36, 24, 32, 36 inputs make no blocks near 32"
  })
  void whatDoesNotGainStays(int inputs, int outputs, int block, String reason) {
    Graph graph = product(weights(1, inputs, outputs), false);
    QuantizeWeights pass = pass(ElementType.INT4, block, WeightMethod.RTN);
    assertThat(run(graph, pass)).isSameAs(graph);
    assertThat(pass.plan(graph).toString()).contains(reason);
  }

  @Test
  void numbersThatAreNotFiniteStay() {
    Tensor weights =
        Tensor.ofDoubles(
            ElementType.FLOAT32, ImmutableLongArray.of(16, 16), i -> i == 99 ? Double.NaN : i);
    Graph graph = product(weights, false);
    QuantizeWeights pass = pass(ElementType.INT8, 0, WeightMethod.MSE);
    assertThat(run(graph, pass)).isSameAs(graph);
    assertThat(pass.plan(graph).toString()).contains("holds numbers that are not finite");
  }

  @Test
  void blocksShrinkToDivide() {
    Graph graph = product(weights(1, 96, 24), false);
    QuantizeWeights pass = pass(ElementType.INT4, 64, WeightMethod.RTN);
    assertThat(weights(run(graph, pass)).granularity()).isEqualTo(new Granularity.Blocked(0, 32));
    assertThat(pass.plan(graph).toString()).contains("96 inputs make no blocks of 64");
  }

  @Test
  void productsShareTheirWeightsAndOthersKeepThem() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 32, 32));
    Value constant = Terms.constant(weights(2, 32, 32));
    Value once = new MatMul(x, constant).value();
    Value twice = new MatMul(once, constant).value();
    Value left = new MatMul(constant, twice).value();
    Graph quantized = run(built(builder, left), pass(ElementType.INT8, 0, WeightMethod.RTN));
    assertThat(quantized.nodes().stream().filter(n -> n.op() instanceof Dequantize)).hasSize(1);
    assertThat(quantized.outputs().getFirst().value().producedBy(MatMul.class))
        .map(MatMul::a)
        .contains(constant);
  }

  /** Runs the interpreter on rows, and counts how often. */
  private static Samples samples(Tensor rows, AtomicInteger runs) {
    return (graph, observers) -> {
      runs.incrementAndGet();
      Iterable<ImmutableMap<String, Tensor>> batches =
          new SampleBatches(graph, List.of(ImmutableMap.of("x", rows)));
      Observation.observe(graph, observers, batches, Interpreter::of);
    };
  }

  @ParameterizedTest
  @CsvSource({"INT4, 64, false", "INT4, 64, true", "INT8, 0, false"})
  void samplesMakeOutputsBetter(ElementType type, int block, boolean transposed) {
    Graph graph = product(transposed ? weights(1, 40, 128) : weights(1, 128, 40), transposed);
    Graph nearest = run(graph, pass(type, block, WeightMethod.MSE));
    QuantizeWeights gptq =
        new QuantizeWeights(
            new WeightSettings(type, block, WeightMethod.GPTQ),
            Optional.of(samples(Vectors.rows(1, 700, 128), new AtomicInteger())));
    Tensor unseen = Vectors.rows(2, 7, 128);
    assertThat(distance(graph, run(graph, gptq), unseen))
        .isLessThan(0.9 * distance(graph, nearest, unseen));
  }

  @Test
  void samplesAreReadOnceForEachPartThatFits() {
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT32, 16, 32));
    Value y = x;
    for (int i = 0; i < 3; i++) {
      y = new MatMul(y, Terms.constant(weights(i, 32, 32))).value();
    }
    Graph graph = built(builder, y);
    AtomicInteger runs = new AtomicInteger();
    QuantizeWeights gptq =
        new QuantizeWeights(
            new WeightSettings(ElementType.INT4, 16, WeightMethod.GPTQ),
            Optional.of(samples(Vectors.rows(1, 16, 32), runs)));
    run(graph, gptq);
    assertThat(runs).hasValue(1);
    List<WeightPlan.Row> rows = gptq.plan(graph).rows();
    assertThat(MomentsOfRows.split(rows, 2 * Moments.bytes(32)))
        .extracting(part -> part.rows().size())
        .containsExactly(2, 1);
    assertThat(MomentsOfRows.split(rows, 1)).hasSize(3);
  }

  @Test
  void badSamplesAreRefused() {
    Graph graph = product(weights(1, 16, 16), false);
    Tensor infinite =
        Tensor.ofDoubles(
            ElementType.FLOAT32, ImmutableLongArray.of(7, 16), _ -> Double.POSITIVE_INFINITY);
    WeightSettings settings = new WeightSettings(ElementType.INT4, 16, WeightMethod.GPTQ);
    QuantizeWeights pass =
        new QuantizeWeights(settings, Optional.of(samples(infinite, new AtomicInteger())));
    assertThatThrownBy(() -> run(graph, pass)).hasMessageContaining("is not finite on the samples");
    assertThatThrownBy(() -> new QuantizeWeights(settings, Optional.empty()))
        .hasMessageContaining("gptq needs data");
  }

  @Test
  void textSaysHow() {
    Pipeline pipeline = Pipeline.parse("quantize-weights(type=int4,block=64,method=rtn)");
    assertThat(pipeline.passes()).containsExactly(pass(ElementType.INT4, 64, WeightMethod.RTN));
    assertThat(Pipeline.parse(pipeline.toString())).isEqualTo(pipeline);
    assertThatThrownBy(() -> Pipeline.parse("quantize-weights(type=int2)"))
        .hasMessageContaining("not to int2");
    assertThatThrownBy(() -> Pipeline.parse("quantize-weights(method=best)"))
        .hasMessageContaining("'best'");
    assertThatThrownBy(() -> Pipeline.parse("quantize-weights(block=-1)"))
        .hasMessageContaining("blocks of -1");
  }

  @Test
  void scalesOfHalfPrecisionWeightsAreInHalfPrecision() {
    Tensor weights = weights(1, 64, 32);
    Tensor half = Tensor.ofDoubles(ElementType.FLOAT16, weights.sizes(), weights::getDouble);
    GraphBuilder builder = new GraphBuilder("g");
    Value x = builder.input("x", TensorType.of(ElementType.FLOAT16, 7, 64));
    Graph graph = built(builder, new MatMul(x, Terms.constant(half), false, false).value());
    MatMul product =
        run(graph, pass(ElementType.INT4, 32, WeightMethod.MSE))
            .outputs()
            .getFirst()
            .value()
            .producedBy(MatMul.class)
            .orElseThrow();
    Dequantize read = product.b().producedBy(Dequantize.class).orElseThrow();
    assertThat(read.scale().elementType()).isEqualTo(ElementType.FLOAT16);
    assertThat(read.to()).isEqualTo(ElementType.FLOAT16);
  }

  @Test
  void leavesWhatTheUserWantsOtherwise() {
    Graph graph = product(weights(1, 64, 32), false);
    PrecisionOverrides wishes =
        new PrecisionOverrides(ImmutableList.of(PrecisionOverride.parse("op:MatMul=fp16")));
    WeightSettings settings = new WeightSettings(ElementType.INT8, 0, WeightMethod.RTN, wishes);
    QuantizeWeights pass = new QuantizeWeights(settings, Optional.empty());
    assertThat(run(graph, pass)).isSameAs(graph);
    assertThat(pass.plan(graph).toString()).contains("is left as it is on request");
    assertThat(run(graph, pass(ElementType.INT8, 0, WeightMethod.RTN))).isNotSameAs(graph);
  }
}
