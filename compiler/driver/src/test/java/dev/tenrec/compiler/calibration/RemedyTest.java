package dev.tenrec.compiler.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import com.google.common.collect.ImmutableSet;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.ir.Convolution.Conv;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.accuracy.DeviationMeter;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.quantize.QuantizeGraph;
import dev.tenrec.passes.quantize.Remedy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A model in 8 bits whose channels are of very different size, with and without remedies. */
final class RemedyTest {
  private static final ImmutableSet<Remedy> ALL = ImmutableSet.copyOf(Remedy.values());

  /** Some channels are 30 times as large as others behind each first operation. */
  private static final Graph MODEL =
      GraphParser.parse(
          """
          g (float[N,32,4] x, float[N,4,32] u) => (float[N,32,4] y, float[N,4,32] z) {
            large = Constant<value=float[32,32,1] {%1$s}>()
            c = Conv<activation=relu>(x, large)
            w = Constant<value=float[32,32,1] {%2$s}>()
            y = Conv(c, w)
            scale = Constant<value=float[32] {%3$s}>()
            n = RmsNorm<axis=2, epsilon=1e-5>(u, scale)
            m = Constant<value=float[32,32] {%2$s}>()
            z = MatMul(n, m)
          }
          """
              .formatted(
                  text(numbers(3, 1024).map(new Rows()::times)),
                  text(numbers(4, 1024)),
                  text(numbers(5, 32).map(new Columns()::times))));

  @TempDir Path folder;

  /** Makes every eighth row of 32 numbers large. */
  private static final class Rows {
    private int count;

    double times(double number) {
      return number * (count++ / 32 % 8 == 0 ? 30 : 1);
    }
  }

  private static final class Columns {
    private int count;

    double times(double number) {
      return number * (count++ % 8 == 0 ? 30 : 1);
    }
  }

  private static DoubleStream numbers(long seed, int count) {
    return new Random(seed).doubles(count, -1, 1);
  }

  private static String text(DoubleStream numbers) {
    return numbers.mapToObj(Double::toString).collect(Collectors.joining(", "));
  }

  /** Their mean is not 0. */
  private static Tensor samples(long seed, int count) {
    Random random = new Random(seed);
    return Tensor.ofDoubles(
        ElementType.FLOAT32, ImmutableLongArray.of(count, 32, 4), _ -> random.nextGaussian() + 0.5);
  }

  private static Map<String, Tensor> inputs(Tensor x) {
    return Map.of("x", x, "u", x.withSizes(ImmutableLongArray.of(x.size(0), 4, 32)));
  }

  private static CalibrationTable table(
      ElementType type, ImmutableSet<Remedy> remedies, Backend backend, Tensor... samples) {
    List<Map<String, Tensor>> parts = new ArrayList<>();
    for (Tensor sample : samples) {
      parts.add(inputs(sample));
    }
    return new CalibrationRequest(new Calibrator.Auto(), type, backend, _ -> {}, remedies)
        .table(MODEL, parts);
  }

  private static Graph int8(CalibrationTable table) {
    return new PrecisionSettings(Precision.INT8, table).pipeline().run(MODEL);
  }

  private static double noise(Graph graph, String output) {
    Map<String, Tensor> inputs = inputs(samples(9, 64));
    DeviationMeter meter = new DeviationMeter();
    meter.add(
        Objects.requireNonNull(Interpreter.of(MODEL).run(inputs).get(output)),
        Objects.requireNonNull(Interpreter.of(graph).run(inputs).get(output)));
    return meter.deviation().decibels();
  }

  @Test
  void remediesReduceErrors() {
    Tensor samples = samples(1, 64);
    Graph plain = int8(table(ElementType.INT8, ImmutableSet.of(), Backend.CPU, samples));
    Graph smooth =
        int8(table(ElementType.INT8, ImmutableSet.of(Remedy.SMOOTH), Backend.CPU, samples));
    Graph equal =
        int8(table(ElementType.INT8, ImmutableSet.of(Remedy.EQUALIZE), Backend.CPU, samples));
    assertThat(noise(smooth, "z")).isGreaterThan(noise(plain, "z") + 1);
    assertThat(noise(smooth, "y")).isEqualTo(noise(plain, "y"));
    assertThat(noise(equal, "y")).isGreaterThan(noise(plain, "y") + 1);
    assertThat(noise(equal, "z")).isEqualTo(noise(plain, "z"));
  }

  @ParameterizedTest
  @EnumSource(names = {"INT8", "FP8"})
  void aTableThatWasWrittenGivesTheSameGraph(Precision precision) {
    ElementType type = precision.activations().orElseThrow();
    CalibrationTable table = table(type, ALL, Backend.CPU, samples(1, 64));
    assertThat(table.means()).containsOnlyKeys("x", "c");
    Path file = folder.resolve("table.json");
    CalibrationFile.write(file, table);
    CalibrationTable read = CalibrationFile.read(file);
    read.requireFits(Pipeline.standard().run(MODEL));
    assertThat(read).isEqualTo(table);
    assertThat(GraphPrinter.print(new PrecisionSettings(precision, read).pipeline().run(MODEL)))
        .isEqualTo(
            GraphPrinter.print(new PrecisionSettings(precision, table).pipeline().run(MODEL)));
  }

  @Test
  void batchingMakesNoDifference() {
    Tensor all = samples(1, 66);
    CalibrationTable whole = table(ElementType.INT8, ALL, Backend.CPU, all);
    assertThat(whole.factors()).containsOnlyKeys("c", "n");
    assertThat(table(ElementType.INT8, ALL, Backend.CPU, part(all, 0, 7), part(all, 7, 59)))
        .isEqualTo(whole);
    assertThat(table(ElementType.INT8, ALL, Backend.INTERPRETER, all).factors())
        .containsOnlyKeys("c", "n");
  }

  private static Tensor part(Tensor all, int first, int count) {
    return Tensor.ofDoubles(
        all.elementType(),
        ImmutableLongArray.of(count, 32, 4),
        i -> all.getDouble(first * 128L + i));
  }

  /** The names of regions, with which a search works, are those of the model as it was. */
  @Test
  void regionsKeepTheirNames() {
    CalibrationTable table = table(ElementType.INT8, ALL, Backend.CPU, samples(1, 64));
    Graph standard = Pipeline.standard().run(MODEL);
    Graph left =
        new PrecisionSettings(Precision.INT8, table)
            .withExceptions(ImmutableMap.of("y", ElementType.FLOAT32, "z", ElementType.FLOAT32))
            .afterStandard()
            .run(standard);
    assertThat(new QuantizeGraph(ElementType.INT8, table).plan(standard).quantized())
        .extracting(region -> region.name())
        .contains("c", "y");
    assertThat(conv(left, "y").weights().constant()).isPresent();
    assertThat(conv(left, "c").weights().constant()).isEmpty();
  }

  /** A corrected bias is a constant of the type that the convolution computes in. */
  @Test
  void biasesHaveTheTypeOfResults() {
    Graph graph = int8(table(ElementType.INT8, ALL, Backend.CPU, samples(1, 64)));
    for (String name : List.of("c", "y")) {
      Conv conv = conv(graph, name);
      Value bias = conv.bias().orElseThrow();
      assertThat(bias.constant()).isPresent();
      assertThat(bias.elementType()).isEqualTo(conv.x().elementType());
    }
  }

  private static Conv conv(Graph graph, String name) {
    return graph.nodes().stream()
        .filter(node -> node.op() instanceof Conv && node.result().name().startsWith(name))
        .map(node -> (Conv) node.op())
        .findFirst()
        .orElseThrow();
  }
}
