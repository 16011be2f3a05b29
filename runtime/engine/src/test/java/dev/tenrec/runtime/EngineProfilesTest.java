package dev.tenrec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.ErrorCode;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.runtime.EngineProfiles.Range;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineProfilesTest {
  private static Range range(long min, long max) {
    return new Range(ImmutableLongArray.of(min, 3), ImmutableLongArray.of(max, 3));
  }

  private static final EngineProfiles PROFILES =
      new EngineProfiles(
          ImmutableList.of(
              ImmutableMap.of("a", range(1, 1), "b", range(1, 8)),
              ImmutableMap.of("a", range(2, 64), "b", range(1, 1))));

  private static Map<String, Tensor> inputs(long a, long b) {
    return ImmutableMap.of("a", tensor(a), "b", tensor(b));
  }

  private static Tensor tensor(long size) {
    return Tensor.ofLongs(ElementType.INT64, ImmutableLongArray.of(size, 3), _ -> 0);
  }

  @Test
  void theFirstProfileThatFitsIsChosen() {
    assertThat(PROFILES.choose(inputs(1, 8))).isEqualTo(0);
    assertThat(PROFILES.choose(inputs(64, 1))).isEqualTo(1);
  }

  @Test
  void whatFitsNoProfileIsNamedWithItsRanges() {
    assertThatThrownBy(() -> PROFILES.choose(inputs(65, 1)))
        .isInstanceOfSatisfying(
            TenrecException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_INPUT))
        .hasMessageContaining("input 'a' is int64[65, 3], but the engine was built for")
        .hasMessageContaining("[1,3] or [2..64,3]");
    assertThatThrownBy(() -> PROFILES.choose(inputs(2, 8))).hasMessageContaining("input 'a'");
  }
}
