package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Signature;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.runtime.Engine;
import java.lang.foreign.MemorySegment;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/** Without TensorRT or a GPU there is one clear error, each time. */
class UnavailableTest {
  private static final Graph GRAPH =
      GraphParser.parse("g (float[N,2] x) => (float[N,2] y) { y = Relu(x) }");

  private static void assertUnavailable(ThrowingCallable use) {
    TenrecException first = catchThrowableOfType(TenrecException.class, use);
    TenrecException second = catchThrowableOfType(TenrecException.class, use);
    for (TenrecException error : List.of(first, second)) {
      assertThat(error.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE);
      assertThat(error.getMessage()).doesNotContain("\n");
      assertThat(error.advice()).isPresent();
    }
  }

  @Test
  void buildingSaysWhatIsMissing() {
    assumeFalse(Gpu.canBuild(), "skipped: TensorRT works here");
    ShapeProfile profile = ShapeProfile.parse(List.of("N=1"));
    assertUnavailable(() -> EngineBuilder.build(GRAPH, BuildOptions.of(profile)));
  }

  @Test
  void runningSaysWhatIsMissing() {
    assumeFalse(Gpu.canBuild(), "skipped: TensorRT works here");
    assertUnavailable(() -> Engine.of(MemorySegment.ofArray(new byte[8]), Signature.of(GRAPH)));
  }

  @Test
  void validatingSaysHowToSetItUp() {
    assumeFalse(NetworkValidator.isAvailable(), "skipped: validation is set up here");
    assertUnavailable(() -> NetworkValidator.validate(GRAPH, List.of()));
  }

  @Test
  void rangesAreCheckedBeforeAnythingIsLoaded() {
    TenrecException error =
        catchThrowableOfType(
            TenrecException.class,
            () -> EngineBuilder.build(GRAPH, BuildOptions.of(ShapeProfile.NONE)));
    assertThat(error.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT);
    assertThat(error).hasMessageContaining("--shape N=MIN..OPT..MAX");
  }
}
