package dev.tenrec.runtime.bindings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import org.junit.jupiter.api.Test;

/** The errors around loading the library, which need no library. */
class TensorRtTest {
  @Test
  void aMissingFileIsNamed() {
    TenrecException error =
        TensorRt.cannotCreate(
            "builder",
            "Unable to load library: libnvinfer_builder_resource_sm90.so.11.2.1: No such file");
    assertThat(error.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE);
    assertThat(error.advice().orElseThrow())
        .contains("put libnvinfer_builder_resource_sm90.so.11.2.1 beside");
  }

  @Test
  void withoutOneTheDriverIsSuspected() {
    TenrecException error = TensorRt.cannotCreate("runtime", "CUDA initialization failure");
    assertThat(error).hasMessageContaining("cannot create a runtime: CUDA initialization failure");
    assertThat(error.advice().orElseThrow()).contains("driver");
  }

  @Test
  void theFirstReasonIsToldEachTime() {
    for (String later : new String[] {"libcuda.so.1: cannot open", "Could not initialize class"}) {
      try {
        TensorRt.loading(() -> {
          throw new NoClassDefFoundError(later);
        });
      } catch (TenrecException e) {
        assertThat(e.code()).isEqualTo(ErrorCode.BACKEND_UNAVAILABLE);
        assertThat(e).hasMessageContaining("cannot be loaded: libcuda.so.1: cannot open");
        continue;
      }
      throw new AssertionError("nothing was thrown");
    }
  }
}
