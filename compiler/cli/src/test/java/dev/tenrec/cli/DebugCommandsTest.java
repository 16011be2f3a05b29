package dev.tenrec.cli;

import static dev.tenrec.cli.Outcome.tenrec;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Elementwise.Activation;
import dev.tenrec.ir.Elementwise.ActivationKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.onnx.OnnxExporter;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code tenrec explain} and {@code tenrec bisect}. */
class DebugCommandsTest {
  @TempDir
  @SuppressWarnings("NullAway.Init")
  private Path folder;

  @SuppressWarnings("NullAway.Init")
  private Path model;

  /** Fails on sigmoids. */
  public record FailOnSigmoid() implements Rule {
    @Override
    public String name() {
      return "fail-on-sigmoid";
    }

    @Override
    public Optional<Value> rewrite(Op op, MatchContext context) {
      if (op instanceof Activation activation && activation.kind() == ActivationKind.SIGMOID) {
        throw new IllegalStateException("no sigmoids, please");
      }
      return Optional.empty();
    }
  }

  @BeforeEach
  void writeModel() {
    model = folder.resolve("model.onnx");
    OnnxExporter.write(
        GraphParser.parse(
            """
            g (float[N,2] x, float[N,2] z) => (float[N,2] y, float[N,2] w, float[N,2] t) {
              one = Constant<value=float {1}>()
              same = Mul(x, one)
              s = Sigmoid(same)
              y = Mul(x, s)
              t = Sigmoid(z)
              w = Mul(z, t)
            }
            """),
        model);
  }

  @Test
  void explainTellsWhyARuleIsNotApplied() {
    String out = tenrec("explain", model, "--rule", "fuse-silu").succeeded().out();
    assertThat(out)
        .contains("applied 1 times\n  in pass 'fuse' at model.onnx:graph/node[")
        .contains("nearly applied 1 times, closest first\n  at model.onnx:graph/node[")
        .containsPattern(
            "w: float.N,2.: t: float.N,2. is read elsewhere too \\([0-9] parts fit\\)");
    assertThat(tenrec("explain", model, "--rule", "simplify-elementwise").succeeded().out())
        .contains("applied 1 times")
        .contains("a rule without a pattern gives no reasons");
    tenrec("explain", model, "--rule", "fuse").refused("pass 'fuse' is no rule", "fuse-silu");
    tenrec("explain", model, "--rule", "fuse-soap").refused("there is no pass 'fuse-soap'");
  }

  @Test
  void bisectFindsTheRewriteThatChangesTheResult() throws IOException {
    Path jar = OptCommandTest.plugin(folder, OptCommandTest.BreakSigmoid.class);
    Object[] search = {
      "bisect", model, "--plugins", jar, "--pipeline", "canonicalize,break-sigmoid"
    };
    Outcome outcome = tenrec(search);
    assertThat(outcome.code()).isEqualTo(Main.WRONG_RESULT);
    assertThat(outcome.out())
        .contains("pass 2, 'break-sigmoid', changes the result: output y: error")
        .contains(
            "rewrite 2, by rule 'break-sigmoid', is the first after which it does\n  at model")
        .contains("'tenrec opt --max-rewrites 1' still gives the right graph");
    Object[] limited = {"--max-rewrites", "1", "--check-each", "1e-6"};
    search[0] = "opt";
    tenrec(concat(search, limited)).succeeded();
    limited[1] = "2";
    assertThat(tenrec(concat(search, limited)).code()).isEqualTo(Main.WRONG_RESULT);
  }

  static Object[] concat(Object[] first, Object[] second) {
    return Stream.of(first, second).flatMap(Arrays::stream).toArray();
  }

  @Test
  void bisectFindsNothingInARightPipeline() {
    assertThat(tenrec("bisect", model).succeeded().out())
        .isEqualTo("no rewrite breaks the model\n");
  }

  @Test
  void failuresAreReproduced() throws IOException {
    Path jar = OptCommandTest.plugin(folder, FailOnSigmoid.class);
    Path file = folder.resolve("failure.txt");
    Object[] plugins = {"--plugins", jar};
    Outcome outcome =
        tenrec(
            concat(
                new Object[] {
                  "bisect", model, "--reproducer", file, "--pipeline", "standard,fail-on-sigmoid"
                },
                plugins));
    assertThat(outcome.code()).isEqualTo(Main.WRONG_RESULT);
    assertThat(outcome.out())
        .contains("'fail-on-sigmoid', fails: ", "no sigmoids, please")
        .contains("failure.txt holds what 'tenrec opt --reproduce' replays");
    Outcome again = tenrec(concat(new Object[] {"opt", "--reproduce", file}, plugins));
    assertThat(again.code()).isEqualTo(Main.WRONG_RESULT);
    assertThat(again.out())
        .contains("pipeline: fail-on-sigmoid\n", "\nnow: ", "no sigmoids, please");
    Files.writeString(file, Files.readString(file).replace("Sigmoid", "Tanh"));
    assertThat(tenrec(concat(new Object[] {"opt", "--reproduce", file}, plugins)).succeeded().out())
        .endsWith("now: nothing goes wrong\n");
    tenrec("opt", "--reproduce", file).refused("there is no pass 'fail-on-sigmoid'");
    tenrec("opt", "--reproduce", folder.resolve("none")).refused("none does not exist");
    tenrec("opt", "--reproduce", model).refused("");
  }
}
