package dev.tenrec.compiler.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.google.common.collect.Sets;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.verify.CaseResult.Failed;
import dev.tenrec.compiler.verify.CaseResult.Passed;
import dev.tenrec.compiler.verify.CaseResult.Unsupported;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.tensorrt.NetworkValidator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * ONNX's own backend cases: none is computed wrong, and all that the manifest lists pass. With the
 * system property {@code tenrec.update} set to true, what passes becomes the manifest.
 */
class OnnxBackendTest {
  @ParameterizedTest
  @EnumSource(names = {"INTERPRETER", "CPU", "RECORDED", "VALIDATE"})
  void passesWhatItPassed(Backend backend) throws Exception {
    List<BackendCase> cases = BackendCase.find(List.of(SharedData.unpacked("onnx-backend")));
    assumeThat(backend != Backend.VALIDATE || NetworkValidator.isAvailable())
        .as("TensorRT's validation without a GPU is set up")
        .isTrue();
    CaseVerifier verifier = new CaseVerifier(backend, PrecisionSettings.of(Precision.FP32), true);
    Set<String> passed = new TreeSet<>();
    Map<String, String> wrong = new TreeMap<>();
    for (BackendCase verified : cases) {
      switch (verifier.verify(verified)) {
        case Passed _ -> passed.add(verified.name());
        case Failed(String reason) -> wrong.put(verified.name(), reason);
        case Unsupported _ -> {}
      }
    }
    assertThat(wrong).isEmpty();
    PassingCases manifest =
        PassingCases.read(SharedData.repository().resolve("testdata/onnx-backend.tsv"));
    if (Boolean.getBoolean("tenrec.update")) {
      manifest.write(backend, passed);
    } else {
      assertThat(Sets.difference(manifest.of(backend), passed)).isEmpty();
    }
  }
}
