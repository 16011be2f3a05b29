package dev.tenrec.compiler.accuracy;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Model;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.calibration.CalibrationRequest;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.passes.accuracy.Comparison;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.check.GeneratedInputs;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Networks that overflow in half precision where everything is rounded come out nearly equal. */
class PlantedOverflowTest {
  private static final ImmutableMap<String, String> NETWORKS =
      ImmutableMap.of(
          "pow",
          """
          pow (float[4,16] x) => (float[4,16] y) {
            forty = Constant<value=float {60}>()
            three = Constant<value=float {3}>()
            fine = Constant<value=float {1.0E-5}>()
            large = Mul(x, forty)
            cube = Pow(large, three)
            mixed = MatMul<transpose_b=true>(cube, x)
            y0 = MatMul(mixed, cube)
            y = Mul(y0, fine)
          }
          """,
          "exp",
          """
          exp (float[4,16] x) => (float[4,4] y, float[4,16] z) {
            factor = Constant<value=float {14}>()
            steep = Mul(x, factor)
            e = Exp(steep)
            y = MatMul<transpose_b=true>(e, x)
            s = ReduceSum<axes=[1], keep_dims=true>(e)
            z = Div(e, s)
          }
          """,
          "sums",
          """
          sums (float[2,70000] x) => (float[2,1] y, float[2,1] z, float[2,1] n) {
            ten = Constant<value=float {10}>()
            count = Constant<value=float {70000}>()
            large = Mul(x, ten)
            squares = Mul(large, large)
            s = ReduceSum<axes=[1], keep_dims=true>(squares)
            y = Div(s, count)
            z = ReduceMean<axes=[1], keep_dims=true>(large)
            n = ReduceL2<axes=[1], keep_dims=true>(large)
          }
          """,
          "masks",
          """
          masks (float[4,8] x, bool[8] m) => (float[4,8] y, float[4,8] z) {
            one = Constant<value=float {1}>()
            zero = Constant<value=float {0}>()
            never = Constant<value=float {-1.0E12}>()
            lowest = Constant<value=float {-3.4028235E38}>()
            f = Cast<to=float>(m)
            hidden = Sub(one, f)
            mask = Mul(hidden, never)
            scores = MatMul<transpose_b=true>(x, x)
            k = MatMul(scores, x)
            masked = Add(k, mask)
            p = Softmax<axis=1>(masked)
            y = Relu(p)
            chosen = Select(m, zero, lowest)
            both = Add(masked, chosen)
            z = Softmax<axis=1>(both)
          }
          """,
          "weights",
          """
          weights (float[4,4] x) => (float[4,4] y, float[4,4] z) {
            w = Constant<value=float[4,4]
              {100000, 1, 2, 3, 4, 90000, 5, 6, 7, 8, -120000, 9, 10, 11, 12, 80000}>()
            v = Constant<value=float[4,4]
              {30000, 1, 2, 3, 4, 30000, 5, 6, 7, 8, -30000, 9, 10, 11, 12, 30000}>()
            down = Constant<value=float {0.0001}>()
            four = Constant<value=float {4}>()
            a = MatMul(x, w)
            positive = Abs(a)
            y = Mul(positive, down)
            shifted = Mul(x, four)
            b = MatMul(shifted, v)
            size = Abs(b)
            z = Mul(size, down)
          }
          """,
          "products",
          """
          products (float[4,64] x) => (float[4,64] y, float[4,4] z) {
            factor = Constant<value=float {400}>()
            down = Constant<value=float {0.0001}>()
            a = Mul(x, factor)
            b = Mul(a, a)
            y = Mul(b, down)
            c = MatMul<transpose_b=true>(a, a)
            z = Mul(c, down)
          }
          """);

  private static Graph network(String name) {
    return GraphParser.parse(NETWORKS.getOrDefault(name, ""));
  }

  private static List<ImmutableMap<String, Tensor>> samples(Graph graph) {
    return Stream.of(1L, 2L).map(seed -> GeneratedInputs.of(graph, seed).inputs()).toList();
  }

  static Stream<Arguments> cases() {
    return NETWORKS.keySet().stream()
        .flatMap(network ->
            Stream.of(Backend.INTERPRETER, Backend.CPU, Backend.RECORDED)
                .flatMap(backend ->
                    Stream.of(true, false)
                        .map(calibrated -> Arguments.of(network, backend, calibrated))));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void staysFiniteAndAccurate(String network, Backend backend, boolean calibrated) {
    Graph graph = network(network);
    List<ImmutableMap<String, Tensor>> samples = samples(graph);
    CalibrationTable table =
        calibrated
            ? new CalibrationRequest(Calibrator.parse("minmax"), ElementType.INT8, backend, _ -> {})
                .table(graph, samples)
            : CalibrationTable.EMPTY;
    Comparison comparison = compare(graph, new PrecisionSettings(Precision.FP16, table), backend);
    assertThat(comparison.deviations().values())
        .allSatisfy(deviation -> {
          assertThat(deviation.broken()).isZero();
          assertThat(deviation.cosine()).isGreaterThan(0.9999);
          assertThat(deviation.decibels()).isGreaterThan(45);
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"pow", "exp", "sums", "weights", "products"})
  void overflowsWhereEverythingIsRounded(String network) {
    PrecisionOverrides all =
        new PrecisionOverrides(ImmutableList.of(PrecisionOverride.parse("op:*=fp16")));
    PrecisionSettings settings = PrecisionSettings.of(Precision.FP16).withOverrides(all);
    assertThat(compare(network(network), settings, Backend.INTERPRETER).deviations().values())
        .anyMatch(deviation -> deviation.broken() > 0);
  }

  private static Comparison compare(Graph graph, PrecisionSettings settings, Backend backend) {
    Model model = new Model(graph, Optional.empty());
    List<ImmutableMap<String, Tensor>> samples = samples(graph);
    return new PrecisionComparison(backend, false, false)
        .run(
            model,
            model,
            settings,
            samples,
            (expected, actual) -> Comparison.of(expected, actual, samples));
  }

  /** So that they can be compared on a GPU, with {@code tenrec compare}. */
  @Test
  @EnabledIfSystemProperty(named = "tenrec.planted", matches = ".+")
  void writesTheNetworks() {
    Path folder = Path.of(System.getProperty("tenrec.planted"));
    NETWORKS
        .keySet()
        .forEach(name -> {
          OnnxExporter.write(network(name), folder.resolve(name + ".onnx"));
          Npz.write(folder.resolve(name + ".npz"), samples(network(name)).getFirst());
        });
  }
}
