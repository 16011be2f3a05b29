package dev.tenrec.runtime.cpu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.text.GraphParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** ONNX Runtime looks at the command line of the process that it starts in. */
class LongCommandLineTest {
  private static final int CHARACTERS = 100_000;

  /** Starts ONNX Runtime, in a process with a long command line. */
  public static void main(String[] arguments) {
    OnnxRuntimeModel.of(GraphParser.parse("g (float[N] x) => (float[N] y) { y = Neg(x) }")).close();
    System.out.println("started");
  }

  @Test
  void startsHoweverLongItIs() throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                LongCommandLineTest.class.getName(),
                "x".repeat(CHARACTERS))
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    assertThat(output).contains("started");
  }
}
