package dev.tenrec.compiler.calibration;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.accuracy.Classification;
import dev.tenrec.compiler.accuracy.LabelledData;
import dev.tenrec.compiler.accuracy.Perplexity;
import dev.tenrec.compiler.accuracy.TokenWindows;
import dev.tenrec.compiler.data.Npz;
import dev.tenrec.compiler.data.Tokens;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.passes.calibration.SampleBatches;
import dev.tenrec.runtime.cpu.OnnxRuntimeModel;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * Ours against ONNX Runtime's static quantization with the same samples; with {@code
 * -Dtenrec.wholeText=true} on all of the text, and with the samples that the model drew itself.
 */
final class PublishedAlgorithmsTest {
  private static final System.Logger LOG =
      System.getLogger(PublishedAlgorithmsTest.class.getName());
  private static final int WINDOWS = 8;
  private static final int CONTEXT = 64;

  @Test
  void digitsAreNeverClassifiedWorse() {
    Path digits = SharedData.repository().resolve("testdata/digits");
    Graph imported = OnnxImporter.read(digits.resolve("digits.onnx"));
    Signature signature = Signature.of(imported);
    LabelledData test = LabelledData.of(signature, Npz.read(digits.resolve("test.npz")), "label");
    Comparison comparison =
        new Comparison(
            imported,
            CalibrationData.of(digits.resolve("calibration.npz")).read(signature),
            model -> Classification.measure(model, test, Optional.empty()).accuracy());
    double ours = comparison.ours();
    for (PublishedCalibration.Method method : PublishedCalibration.Method.values()) {
      double published = comparison.published(method);
      LOG.log(System.Logger.Level.INFO, "{0}: {1}, ours {2}", method, published, ours);
      assertThat(ours).as(method.name()).isGreaterThanOrEqualTo(published);
    }
  }

  @Test
  void textsAreNeverForetoldWorse() throws Exception {
    Path folder = SharedData.unpacked("trained").resolve("real/shakespeare");
    Graph imported = OnnxImporter.read(folder.resolve("model_with_past.onnx"));
    boolean all = Boolean.getBoolean("tenrec.wholeText");
    TokenWindows text =
        TokenWindows.of(
            Signature.of(imported),
            Tokens.read(
                folder.resolve("validation.txt"), Optional.of(folder.resolve("hf/tokenizer.json"))),
            all ? 4 * CONTEXT : CONTEXT,
            all ? Long.MAX_VALUE : 2 * WINDOWS);
    TokenWindows test =
        all ? text : new TokenWindows(text.inputs().subList(1, 2), text.next().subList(1, 2));
    Comparison comparison =
        new Comparison(
            imported,
            all ? drawn(imported) : text.inputs().subList(0, 1),
            model -> Perplexity.measure(model, test, Optional.empty()).perplexity());
    double ours = comparison.ours();
    for (PublishedCalibration.Method method : PublishedCalibration.Method.values()) {
      double published = comparison.published(method);
      LOG.log(System.Logger.Level.INFO, "{0}: {1}, ours {2}", method, published, ours);
      assertThat(ours).as(method.name()).isLessThanOrEqualTo(published);
    }
  }

  private static Iterable<ImmutableMap<String, Tensor>> drawn(Graph imported) {
    Path samples = SharedData.repository().resolve("testdata/shakespeare/calibration.npz");
    return new SampleBatches(imported, CalibrationData.of(samples).read(Signature.of(imported)));
  }

  /** A model, samples, and what is measured of it. */
  private record Comparison(
      Graph imported,
      Iterable<ImmutableMap<String, Tensor>> samples,
      ToDoubleFunction<Executable> metric) {

    double ours() {
      CalibrationRequest request =
          new CalibrationRequest(new Calibrator.Auto(), ElementType.INT8, Backend.CPU, _ -> {});
      PrecisionSettings settings =
          new PrecisionSettings(Precision.INT8, request.table(imported, samples));
      return measured(settings.pipeline().run(imported));
    }

    double published(PublishedCalibration.Method method) {
      Graph graph = Pipeline.standard().run(imported);
      return measured(PublishedQuantization.of(graph, method, samples));
    }

    private double measured(Graph graph) {
      try (Executable model = OnnxRuntimeModel.of(graph)) {
        return metric.applyAsDouble(model);
      }
    }
  }
}
