package dev.tenrec.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import dev.tenrec.compiler.accuracy.Perplexity;
import dev.tenrec.compiler.accuracy.TokenWindows;
import dev.tenrec.compiler.calibration.CalibrationData;
import dev.tenrec.compiler.calibration.CalibrationRequest;
import dev.tenrec.compiler.data.Tokens;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.precision.PrecisionOverrides;
import dev.tenrec.passes.quantize.weights.Samples;
import dev.tenrec.passes.quantize.weights.WeightMethod;
import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A small language model, 41.335 in FP32, with its weights in few bits. */
class QuantizedWeightsTest {
  private static Samples samples(Signature model) {
    Path data = SharedData.repository().resolve("testdata/shakespeare/calibration.npz");
    return new CalibrationRequest(
            Calibrator.parse("minmax"), ElementType.INT8, Backend.CPU, _ -> {})
        .observed(CalibrationData.of(data).read(model));
  }

  private static Graph quantized(
      Path model, Precision precision, Precision floating, WeightMethod method, int block) {
    Graph imported = OnnxImporter.read(model.resolve("model_with_past.onnx"));
    WeightOptions options =
        new WeightOptions(
            Optional.of(method),
            block == 0 ? Optional.empty() : Optional.of(block),
            method.needsSamples()
                ? Optional.of(samples(Signature.of(imported)))
                : Optional.empty());
    return new PrecisionSettings(
            precision,
            CalibrationTable.EMPTY,
            ImmutableMap.of(),
            PrecisionOverrides.NONE,
            floating,
            options,
            false)
        .pipeline()
        .run(imported);
  }

  private static double perplexity(Graph graph, Path model, Backend backend, long windows) {
    ImmutableIntArray tokens =
        Tokens.read(
            model.resolve("validation.txt"), Optional.of(model.resolve("hf/tokenizer.json")));
    TokenWindows text = TokenWindows.of(Signature.of(graph), tokens, 256, windows);
    try (Executable executable = backend.open(graph, ShapeProfile.NONE)) {
      return Perplexity.measure(executable, text, Optional.empty()).perplexity();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "INT8_WEIGHTS, FP16, MSE, 0, 41.5",
    "INT4_WEIGHTS, FP32, RTN, 64, 43.0",
    "INT4_WEIGHTS, FP16, MSE, 64, 43.0"
  })
  void staysFluent(
      Precision precision, Precision floating, WeightMethod method, int block, double most)
      throws Exception {
    Path model = SharedData.unpacked("trained").resolve("real/shakespeare");
    Graph graph = quantized(model, precision, floating, method, block);
    assertThat(perplexity(graph, model, Backend.CPU, Long.MAX_VALUE)).isLessThanOrEqualTo(most);
  }

  @ParameterizedTest
  @CsvSource({"INT8_WEIGHTS, RTN", "INT4_WEIGHTS, GPTQ"})
  void backendsAgree(Precision precision, WeightMethod method) throws Exception {
    Path model = SharedData.unpacked("trained").resolve("real/shakespeare");
    Graph graph = quantized(model, precision, Precision.FP16, method, 0);
    double expected = perplexity(graph, model, Backend.INTERPRETER, 1);
    for (Backend backend : new Backend[] {Backend.CPU, Backend.RECORDED}) {
      assertThat(perplexity(graph, model, backend, 1)).isCloseTo(expected, within(0.01));
    }
  }
}
