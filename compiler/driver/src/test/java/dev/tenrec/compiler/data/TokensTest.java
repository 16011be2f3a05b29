package dev.tenrec.compiler.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableMap;
import com.google.common.primitives.ImmutableIntArray;
import com.google.common.primitives.ImmutableLongArray;
import dev.tenrec.ir.tensor.Tensor;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokensTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void arraysHoldTokensAsTheyAre() {
    Path file = folder.resolve("ids.npz");
    Npz.write(
        file,
        ImmutableMap.of(
            "input_ids", Tensor.ofLongs(3, 1, 2, 0).withSizes(ImmutableLongArray.of(2, 2))));
    assertThat(Tokens.read(file, Optional.empty())).isEqualTo(ImmutableIntArray.of(3, 1, 2, 0));
    Npz.write(file, ImmutableMap.of("other", Tensor.ofLongs(3)));
    assertThatThrownBy(() -> Tokens.read(file, Optional.empty()))
        .hasMessageContaining("has no integers 'input_ids'");
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, 1L << 31, Long.MIN_VALUE})
  void numbersOfNoTokenAreRefused(long id) {
    Path file = folder.resolve("ids.npz");
    Npz.write(file, ImmutableMap.of("input_ids", Tensor.ofLongs(1, id)));
    assertThatThrownBy(() -> Tokens.read(file, Optional.empty()))
        .hasMessageContaining("%d is the number of no token".formatted(id));
  }

  @Test
  void textNeedsATokenizer() {
    assertThatThrownBy(() -> Tokens.read(folder.resolve("a.txt"), Optional.empty()))
        .hasMessageContaining("--tokenizer");
  }
}
