package dev.tenrec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EngineOutputTest {
  private static final MemorySegment MEMORY =
      MemorySegment.ofArray(new long[] {1, 2, 3, 4, 5, 6, 7});

  private static Tensor cut(long... sizes) {
    return EngineOutput.cut("y", ElementType.INT64, ImmutableLongArray.copyOf(sizes), MEMORY);
  }

  @Test
  void takesWhatTheRunHasWritten() {
    assertThat(cut(2, 3).toLongs()).containsExactly(1, 2, 3, 4, 5, 6);
    assertThat(cut(2, 3).sizes()).isEqualTo(ImmutableLongArray.of(2, 3));
    assertThat(cut(0, 3).count()).isZero();
    assertThat(cut().toLongs()).containsExactly(1);
  }

  @Test
  void copiesOnlyWhatIsKept() {
    assertThat(cut(2, 3).data()).isEqualTo(MEMORY.asSlice(0, 6 * Long.BYTES));
    Tensor copy = EngineOutput.copied(cut(2, 3));
    assertThat(copy).isEqualTo(cut(2, 3));
    assertThat(copy.data()).isNotEqualTo(cut(2, 3).data());
    assertThat(EngineOutput.copied(cut(0, 3)).count()).isZero();
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 8, Long.MAX_VALUE})
  void refusesSizesThatTheMemoryCannotHold(long size) {
    assertThatThrownBy(() -> cut(size, size))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("output 'y' cannot have the sizes")
        .hasMessageContaining("56 bytes");
  }
}
