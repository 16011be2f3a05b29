package dev.tenrec.compiler;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.compiler.accuracy.Classification;
import dev.tenrec.compiler.accuracy.LabelledData;
import dev.tenrec.compiler.calibration.CalibrationData;
import dev.tenrec.compiler.calibration.CalibrationRequest;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.Source;
import dev.tenrec.ir.interpret.Interpreter;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The classifier of digits in 8 bits. */
class QuantizedDigitsTest {
  private static final Path DIGITS = SharedData.repository().resolve("testdata/digits");

  private static CalibrationTable table(Graph imported, String calibrator, ElementType type) {
    CalibrationRequest request =
        new CalibrationRequest(Calibrator.parse(calibrator), type, Backend.CPU, _ -> {});
    CalibrationData data = CalibrationData.of(DIGITS.resolve("calibration.npz"));
    return request.table(imported, data.read(Signature.of(imported)));
  }

  /** At most one image of 597 is lost, and all backends agree on what 8 bits are. */
  @ParameterizedTest
  @CsvSource({"INT8, CPU", "FP8, CPU", "INT8, RECORDED"})
  void staysAccurate(Precision precision, Backend backend) {
    Graph imported = OnnxImporter.read(DIGITS.resolve("digits.onnx"));
    CalibrationTable table = table(imported, "minmax", ElementType.INT8);
    Graph graph = new PrecisionSettings(precision, table).pipeline().run(imported);
    Signature signature = Signature.of(graph);
    LabelledData test = LabelledData.of(signature, Npz.read(DIGITS.resolve("test.npz")), "label");
    Map<String, Tensor> batch = test.inputs().getFirst();
    double[] expected = logits(Interpreter.of(graph), batch);
    ShapeProfile shapes = ShapeProfile.covering(signature, test.inputs());
    try (Executable executable = backend.open(graph, shapes)) {
      double[] actual = logits(executable, batch);
      assertThat(cosine(actual, expected)).isGreaterThan(0.9995);
      assertThat(Classification.measure(executable, test, Optional.empty()).accuracy())
          .isGreaterThanOrEqualTo(0.9933);
    }
  }

  /** As above, in INT8. The images have 17 grey values. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "moving-average",
        "percentile",
        "percentile=99.9",
        "percentile=99.999",
        "entropy",
        "mse",
        "auto"
      })
  void staysAccurateWithEveryCalibrator(String calibrator) {
    Graph imported = OnnxImporter.read(DIGITS.resolve("digits.onnx"));
    CalibrationTable table = table(imported, calibrator, ElementType.INT8);
    Graph graph = new PrecisionSettings(Precision.INT8, table).pipeline().run(imported);
    LabelledData test =
        LabelledData.of(Signature.of(graph), Npz.read(DIGITS.resolve("test.npz")), "label");
    try (Executable executable = Backend.CPU.open(graph, ShapeProfile.NONE)) {
      assertThat(Classification.measure(executable, test, Optional.empty()).accuracy())
          .isGreaterThanOrEqualTo(0.9933);
    }
  }

  /** Read again, a model that was written in 8 bits has the same operations, and no others. */
  @Test
  void isWrittenAndReadInEightBits(@TempDir Path folder) {
    Graph imported = OnnxImporter.read(DIGITS.resolve("digits.onnx"));
    CalibrationTable table = table(imported, "minmax", ElementType.INT8);
    Graph graph = new PrecisionSettings(Precision.INT8, table).pipeline().run(imported);
    Path written = folder.resolve("model.onnx");
    OnnxExporter.write(graph, written);
    Graph read = Pipeline.standard().run(OnnxImporter.read(written));
    assertThat(kinds(read)).isEqualTo(kinds(graph));
    assertThat(kinds(read)).containsKeys("Quantize", "Dequantize");
  }

  private static Map<String, Long> kinds(Graph graph) {
    return graph.nodes().stream()
        .filter(node -> !(node.op() instanceof Source))
        .collect(groupingBy(node -> node.op().getClass().getSimpleName(), counting()));
  }

  private static double[] logits(Executable executable, Map<String, Tensor> batch) {
    return Objects.requireNonNull(executable.run(batch).get("logits")).toDoubles();
  }

  private static double cosine(double[] a, double[] b) {
    double product = 0;
    double squareA = 0;
    double squareB = 0;
    for (int i = 0; i < a.length; i++) {
      product += a[i] * b[i];
      squareA += a[i] * a[i];
      squareB += b[i] * b[i];
    }
    return product / Math.sqrt(squareA * squareB);
  }
}
