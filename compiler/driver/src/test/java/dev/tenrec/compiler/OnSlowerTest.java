package dev.tenrec.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnSlowerTest {
  @ParameterizedTest
  @EnumSource(OnSlower.class)
  void saysNothingOfWhatIsNotSlower(OnSlower wish) {
    assertThat(wish.judge(Precision.INT8, 1, 2)).isEmpty();
    assertThat(wish.judge(Precision.INT8, 2.01, 2)).isEmpty();
  }

  @Test
  void warns() {
    assertThat(OnSlower.WARN.judge(Precision.INT8, 2.05, 2))
        .contains("int8 takes 2.0500 ms, fp16 takes 2.0000 ms");
  }

  @Test
  void saysWhatTakesThePlace() {
    assertThat(OnSlower.FP16.judge(Precision.INT8_WEIGHTS, 3, 2))
        .contains("int8-weights takes 3.0000 ms, fp16 takes 2.0000 ms: the engine is in fp16");
  }

  @Test
  void fails() {
    assertThatThrownBy(() -> OnSlower.FAIL.judge(Precision.FP8, 3, 2))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.UNSUPPORTED))
        .hasMessageContaining("fp8 takes 3.0000 ms, fp16 takes 2.0000 ms");
  }
}
