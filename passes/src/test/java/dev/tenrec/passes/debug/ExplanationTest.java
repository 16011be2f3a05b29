package dev.tenrec.passes.debug;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.Pipeline;
import dev.tenrec.passes.debug.Explanation.Miss;
import dev.tenrec.passes.fuse.FuseOperations;
import dev.tenrec.passes.fuse.FuseSilu;
import dev.tenrec.passes.rewrite.Rule;
import dev.tenrec.passes.simplify.EliminateDeadCode;
import dev.tenrec.passes.simplify.SimplifyElementwise;
import org.junit.jupiter.api.Test;

class ExplanationTest {
  private static final Graph GRAPH =
      GraphParser.parse(
          """
          g (float[N,2] x, float[N,2] z) => (float[N,2] y, float[N,2] w, float[N,2] v, float[N,2] t) {
            s = Sigmoid(x)
            y = Mul(x, s)
            t = Sigmoid(z)
            w = Mul(z, t)
            v = Mul(x, z)
          }
          """);

  private static Explanation explain(Pipeline pipeline, Rule rule) {
    return Explanation.of(GRAPH, pipeline, rule);
  }

  @Test
  void tellsWhereTheRuleWasAppliedAndWhyNotElsewhere() {
    Explanation explanation = explain(Pipeline.of(new FuseOperations()), new FuseSilu());
    assertThat(explanation.applications())
        .singleElement()
        .satisfies(applied -> {
          assertThat(applied.pass()).isEqualTo("fuse");
          assertThat(applied.before()).isEqualTo("y: float[N,2]");
          assertThat(applied.after()).contains("SWISH");
          assertThat(applied.place().label()).isEqualTo("line 3");
        });
    assertThat(explanation.misses())
        .extracting(Miss::root, Miss::at, Miss::reason)
        .startsWith(tuple("w: float[N,2]", "t: float[N,2]", "is read elsewhere too"));
    assertThat(explanation.misses()).extracting(Miss::matched).isSortedAccordingTo((a, b) -> b - a);
    assertThat(explanation.misses()).extracting(Miss::root).contains("v: float[N,2]");
  }

  @Test
  void runsARuleBehindAPipelineThatDoesNotTryIt() {
    Explanation explanation = explain(Pipeline.of(new EliminateDeadCode()), new FuseSilu());
    assertThat(explanation.applications()).hasSize(1);
    assertThat(explanation.applications().getFirst().pass()).isEqualTo("fuse-silu");
  }

  @Test
  void rulesWithoutPatternsGiveNoReasons() {
    Explanation explanation = explain(Pipeline.standard(), new SimplifyElementwise());
    assertThat(explanation.applications()).isEmpty();
    assertThat(explanation.misses()).isEmpty();
  }

  @Test
  void looksIntoBodies() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[2] s, float[T,2] x) => (float[2] last, float[T,2] all) {
              last, all = Scan<states=1, sequences=1, body=
                b (float[2] h, float[2] x) => (float[2] next, float[2] step = gate) {
                  gate = Sigmoid(h)
                  next = Mul(h, gate)
                }>(s, x)
            }
            """);
    Explanation explanation = Explanation.of(graph, Pipeline.of(), new FuseSilu());
    assertThat(explanation.misses())
        .extracting(Miss::reason)
        .containsExactly("is read elsewhere too");
  }
}
