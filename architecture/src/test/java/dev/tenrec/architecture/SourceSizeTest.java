package dev.tenrec.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.testing.SharedData;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files stay small enough to be read at one sitting. */
class SourceSizeTest {
  private static final int MAX_LINES = 400;
  private static final int MAX_MEDIAN = 110;

  private static List<Path> sources() throws IOException {
    return sources(".java");
  }

  private static List<Path> sources(String ending) throws IOException {
    try (Stream<Path> files = Files.walk(SharedData.repository())) {
      return files
          .filter(file -> file.toString().endsWith(ending))
          .filter(file -> file.toString().contains("/src/"))
          .filter(file -> !file.toString().contains("/target/"))
          .toList();
    }
  }

  private static int lines(Path file) {
    try {
      return Files.readAllLines(file).size();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void noFileIsLong() throws IOException {
    assertThat(sources()).filteredOn(file -> lines(file) > MAX_LINES).isEmpty();
  }

  @Test
  void noScriptIsLong() throws IOException {
    assertThat(sources(".js")).isNotEmpty().filteredOn(file -> lines(file) > MAX_LINES).isEmpty();
  }

  @Test
  void mostFilesAreShort() throws IOException {
    List<Integer> sizes = sources().stream().map(SourceSizeTest::lines).sorted().toList();
    assertThat(sizes.get(sizes.size() / 2)).isLessThanOrEqualTo(MAX_MEDIAN);
  }
}
