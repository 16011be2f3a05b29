package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.OnnxExporter;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReduceCommandTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path model;

  @SuppressWarnings("NullAway.Init")
  private Path reduced;

  @BeforeEach
  void writeModel() {
    model = folder.resolve("it's a model.onnx");
    reduced = folder.resolve("reduced.onnx");
    OnnxExporter.write(
        GraphParser.parse(
            """
            g (float[N,8] x, float[N,8] z) => (float[N,8] y) {
              a = Exp(x)
              b = Add(a, z)
              c = Sin(b)
              d = Abs(c)
              y = Mul(d, a)
            }
            """),
        model);
  }

  private Outcome reduce(String command, Object... more) {
    Object[] first = {"reduce", model, "-o", reduced, "--fails-with", command};
    return tenrec(DebugCommandsTest.concat(first, more));
  }

  @Test
  void writesTheSmallestModelThatStillFails() {
    Outcome outcome = reduce("if grep -q Sin {}; then exit 1; fi", "--timeout", "20");
    assertThat(outcome.succeeded().out())
        .startsWith("the command fails with exit 1\nrun 1: ")
        .contains(
            "reduced.onnx: 1 of 5 operations, after ", "g (float[1,1] b) => (float[1,1] c) {\n");
    assertThat(folder.resolve("reduced.txt"))
        .hasContent("g (float[1,1] b) => (float[1,1] c) {\n  c = Sin(b)\n}\n");
    assertThat(tenrec("print", reduced, "--exact").out()).contains("c = Sin(b)");
  }

  @Test
  void otherFailuresDoNotCount() {
    assertThat(reduce("f() { grep -q Add \"$1\" && exit 4; exit 5; }; f").succeeded().out())
        .contains("the command fails with exit 4", ": 1 of 5 operations");
    assertThat(folder.resolve("reduced.txt")).content().contains("Add(");
    assertThat(
            reduce(
                    "f() { grep -q Abs \"$1\" && echo '[UNSUPPORTED] abs' || echo '[IO] none'; exit"
                        + " 2; }; f")
                .succeeded()
                .out())
        .contains("the command fails with exit 2 with [UNSUPPORTED]");
    assertThat(folder.resolve("reduced.txt")).content().contains("Abs(");
    reduce("f() { grep -a -o Mul \"$1\"; exit 1; }; f", "--matching", "M[a-z]l").succeeded();
    assertThat(folder.resolve("reduced.txt")).content().contains("Mul(");
  }

  @Test
  void commandsThatHangAreEnded() {
    assertThat(
            reduce("f() { grep -q Sin \"$1\" && sleep 100; exit 0; }; f", "--timeout", "1")
                .succeeded()
                .out())
        .startsWith("the command fails with exit timeout")
        .contains(": 1 of 5 operations");
  }

  @Test
  void refusesCommandsThatDoNotFail() {
    reduce("true").refused("the command does not fail on", "exit code other than 0");
    assertThat(reduced).doesNotExist();
  }
}
