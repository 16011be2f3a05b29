package dev.tenrec.architecture;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.testing.SharedData;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.passes.Pipeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The example of a pass from outside works by its name alone, and stays small. */
class OutsidePassTest {
  private static final int MAX_LINES = 59;

  @Test
  void isFoundByItsName() {
    Pipeline pipeline = Pipeline.parse("fold,canonicalize,fuse(only=gelu|silu),my-pass(k=3)");
    assertThat(Pipeline.parse(pipeline.toString())).isEqualTo(pipeline);
    assertThat(
            GraphPrinter.print(
                pipeline.run(
                    GraphParser.parse(
                        """
                        g (float[N] x) => (float[N] y) {
                          k = Constant<value=float {3}>()
                          y = Pow(x, k)
                        }
                        """))))
        .contains("y = Mul(")
        .doesNotContain("Pow");
  }

  @Test
  void takesFewLines() throws IOException {
    Path sources = SharedData.repository().resolve("examples/outside-pass/src");
    long lines = 0;
    try (Stream<Path> files = Files.walk(sources)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        lines += Files.readAllLines(file).size();
      }
    }
    assertThat(lines).isBetween(1L, (long) MAX_LINES);
  }
}
