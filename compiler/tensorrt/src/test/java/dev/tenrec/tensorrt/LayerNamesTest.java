package dev.tenrec.tensorrt;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.diagnostic.Location;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class LayerNamesTest {
  private final LayerNames names = new LayerNames();

  private String next(String label) {
    return names.next(new Location.Synthetic(label));
  }

  @Test
  void namesAreUnique() {
    assertThat(Stream.of("a", "a#2", "a", "a", "a#2", "b").map(this::next))
        .doesNotHaveDuplicates()
        .startsWith("a", "a#2", "a#3")
        .endsWith("b");
  }

  @Test
  void namesFitIntoTensorRtsLimit() {
    String name = next("é".repeat(5000));
    assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThan(4096);
    assertThat(next("zero\0inside")).doesNotContain("\0");
  }
}
