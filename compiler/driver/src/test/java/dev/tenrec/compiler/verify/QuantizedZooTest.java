package dev.tenrec.compiler.verify;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.calibration.CalibrationRequest;
import dev.tenrec.ir.Executable;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.onnx.OnnxImporter;
import dev.tenrec.onnx.OnnxTensors;
import dev.tenrec.passes.accuracy.DeviationMeter;
import dev.tenrec.passes.calibration.CalibrationTable;
import dev.tenrec.passes.calibration.Calibrator;
import dev.tenrec.tensorrt.ShapeProfile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Exported models in 8 bits, with ranges from their own inputs. */
class QuantizedZooTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "timm_test_resnet__ts",
        "timm_test_efficientnet_ln__dy",
        "timm_test_vit__dy",
        "tv_shufflenet__ts",
        "hf_deit__ts",
        "hf_wav2vec2__ts"
      })
  void staysClose(String name) throws Exception {
    Path model = SharedData.unpacked("zoo").resolve("zoo").resolve(name);
    Graph imported = OnnxImporter.read(model.resolve("model.onnx"));
    List<Map<String, Tensor>> samples = samples(model, imported);
    CalibrationTable table =
        new CalibrationRequest(Calibrator.parse("auto"), ElementType.INT8, Backend.CPU, _ -> {})
            .table(imported, samples);
    Graph quantized = new PrecisionSettings(Precision.INT8, table).pipeline().run(imported);
    DeviationMeter meter = new DeviationMeter();
    try (Executable exact = Backend.CPU.open(imported, ShapeProfile.NONE);
        Executable rounded = Backend.CPU.open(quantized, ShapeProfile.NONE)) {
      for (Map<String, Tensor> sample : samples) {
        Map<String, Tensor> actual = rounded.run(sample);
        exact
            .run(sample)
            .forEach(
                (output, tensor) -> meter.add(tensor, Objects.requireNonNull(actual.get(output))));
      }
    }
    assertThat(meter.deviation().broken()).isZero();
    assertThat(meter.deviation().cosine()).isBetween(0.99, 0.9999999);
  }

  private static List<Map<String, Tensor>> samples(Path model, Graph graph) {
    List<Map<String, Tensor>> samples = new ArrayList<>();
    for (int set = 0; Files.exists(model.resolve("test_data_set_" + set)); set++) {
      Path folder = model.resolve("test_data_set_" + set);
      Map<String, Tensor> sample = new HashMap<>();
      for (int i = 0; i < graph.inputs().size(); i++) {
        sample.put(
            graph.inputs().get(i).name(),
            OnnxTensors.read(folder.resolve("input_%d.pb".formatted(i))));
      }
      samples.add(sample);
    }
    return samples;
  }
}
