package com.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.testing.SharedData;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReadmeTest {
  private static final Path PASSES = SharedData.repository().resolve("passes");

  @ParameterizedTest
  @ValueSource(strings = {"FuseSoftsign.java", "FuseSoftsignTest.java"})
  void showsWhatIsTested(String name) throws IOException {
    String source = Files.readString(PASSES.resolve("src/test/java/com/example").resolve(name));
    assertThat(PASSES.resolve("README.md")).content().contains("```java\n" + source + "```\n");
  }
}
