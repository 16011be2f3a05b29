package dev.tenrec.compiler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.passes.precision.PrecisionOverride;
import dev.tenrec.passes.precision.PrecisionOverrides;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OverridesFileTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @Test
  void whatIsWrittenIsReadBack() {
    PrecisionOverrides overrides =
        new PrecisionOverrides(
            ImmutableList.of(
                PrecisionOverride.parse("name:/layer1/*=fp32"),
                PrecisionOverride.parse("op:MatMul=bf16")));
    Path file = folder.resolve("overrides.json");
    OverridesFile.write(file, overrides);
    assertThat(OverridesFile.read(file)).isEqualTo(overrides);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{}",
        "null",
        "[null]",
        "[1]",
        "[{}]",
        "[{\"name\": \"*\"}]",
        "[{\"name\": null, \"precision\": \"fp32\"}]",
        "[{\"name\": [\"*\"], \"precision\": \"fp32\"}]",
        "[{\"name\": 3, \"precision\": \"fp32\"}]",
        "[{\"name\": \"*\", \"op\": \"*\", \"precision\": \"fp32\"}]",
        "[{\"name\": \"x\", \"name\": \"*\", \"precision\": \"fp32\"}]",
        "[{\"name\": \"*\", \"precision\": \"fp32\"}] []",
      })
  void whatIsNoListOfOverridesIsRefused(String text) throws IOException {
    Path file = Files.writeString(folder.resolve("overrides.json"), text);
    assertThatThrownBy(() -> OverridesFile.read(file))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining(file.toString())
        .hasMessageContaining("write [{");
  }
}
