package dev.tenrec.compiler.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.junit.jupiter.api.Assumptions.abort;

import com.google.common.collect.ImmutableMap;
import dev.tenrec.compiler.Backend;
import dev.tenrec.compiler.Compiler;
import dev.tenrec.compiler.Precision;
import dev.tenrec.compiler.PrecisionSettings;
import dev.tenrec.compiler.verify.CaseResult.Passed;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.runtime.bindings.TensorRtVersion;
import dev.tenrec.tensorrt.Lowering;
import dev.tenrec.tensorrt.RecordedNetwork;
import dev.tenrec.tensorrt.legalize.Legalization;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs as PyTorch's exporters write them keep their results through all passes. */
class ZooTest {
  @ParameterizedTest
  @CsvSource({
    "INTERPRETER, FP32",
    "CPU, FP32",
    "RECORDED, FP32",
    "VALIDATE, FP32",
    "CPU, FP16",
    "CPU, BF16",
    "VALIDATE, BF16",
  })
  void everyModelPasses(Backend backend, Precision precision) throws Exception {
    List<BackendCase> cases = BackendCase.find(List.of(SharedData.unpacked("zoo")));
    CaseVerifier verifier = new CaseVerifier(backend, PrecisionSettings.of(precision), false);
    ImmutableMap.Builder<String, CaseResult> others = ImmutableMap.builder();
    for (BackendCase verified : cases) {
      CaseResult result = verify(verifier, verified);
      if (!(result instanceof Passed)) {
        others.put(verified.name(), result);
      }
    }
    assertThat(others.buildOrThrow()).isEmpty();
    assertThat(cases).hasSize(71);
  }

  @ParameterizedTest
  @EnumSource(names = {"FP32", "FP16"})
  void everyModelCanBeLoweredForTheOldestTensorRt(Precision precision) throws Exception {
    for (BackendCase model : BackendCase.find(List.of(SharedData.unpacked("zoo")))) {
      Graph graph = Compiler.optimize(model.model(), PrecisionSettings.of(precision));
      RecordedNetwork network = new RecordedNetwork(TensorRtVersion.OLDEST);
      assertThatCode(() -> Lowering.lower(graph, Legalization.EXACT, network))
          .as(model.name())
          .doesNotThrowAnyException();
    }
  }

  private static CaseResult verify(CaseVerifier verifier, BackendCase verified) {
    try {
      return verifier.verify(verified);
    } catch (TenrecException e) {
      if (verifier.backend() == Backend.VALIDATE && e.code() == ErrorCode.BACKEND_UNAVAILABLE) {
        return abort("skipped: " + e.getMessage());
      }
      throw e;
    }
  }
}
