package dev.tenrec.passes;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.ControlFlow;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.check.RandomInputs;
import dev.tenrec.passes.precision.AssignPrecision;
import dev.tenrec.passes.testing.Equivalence;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What passes do to graphs that are run at most once, or as often as the data says. */
class BranchesAndLoopsPassTest {
  private static final Graph BRANCHES =
      GraphParser.parse(
          """
          g (bool p, float[N,4] x) => (float[N,4] y, float[?,4] z) {
            dead = Exp(x)
            y, z = If<
              then=a (float[N,4] v, float[N,4] w) => (float[N,4] r, float[N,4] s = v) {
                zero = Constant<value=float {0.0}>()
                once = Neg(v)
                twice = Neg(once)
                r = Add(twice, zero)
              },
              else=b (float[N,4] v, float[N,4] w) => (float[N,4] r, float[2*N,4] s) {
                r = Tanh(w)
                s = Concat<axis=0>(v, w)
              }>(p, x, x)
          }
          """);

  private static final Graph LOOP =
      GraphParser.parse(
          """
          g (float[N,4] x) => (float[N,4] y, float[5,N,4] all) {
            count = Constant<value=int64 {5}>()
            y, all = Loop<states=1,
              body=b (int64 turn, float[N,4] s, float[N,4] c)
                  => (float[N,4] next, float[N,4] step) {
                one = Constant<value=float {1.0}>()
                same = Mul(s, one)
                sum = Add(same, c)
                next = Tanh(sum)
                step = Tanh(sum)
              }>(count, x, x)
          }
          """);

  private static final Graph CONSTANT =
      GraphParser.parse(
          """
          g () => (float y) {
            count = Constant<value=int64 {5}>()
            x = Constant<value=float {1.0}>()
            y = Loop<states=1,
              body=b (int64 turn, float s) => (float next) { next = Add(s, s) }>(count, x)
          }
          """);

  private static void checkMeaning(Graph graph, Pipeline pipeline, double tolerance) {
    Graph after = pipeline.run(graph, new VerifyEach());
    new Equivalence(tolerance, 4).check(graph, after, RandomInputs.PLAIN);
  }

  private static List<Graph> bodies(Graph graph) {
    return graph.nodes().stream()
        .map(Node::op)
        .filter(ControlFlow.class::isInstance)
        .flatMap(op -> ((ControlFlow) op).bodies().stream())
        .toList();
  }

  @Test
  void simplifiesEachGraphWithin() {
    Graph branches = Pipeline.standard().run(BRANCHES);
    assertThat(bodies(branches).get(0).nodes()).isEmpty();
    assertThat(bodies(branches).get(1).nodes()).hasSize(2);
    assertThat(branches.nodes()).hasSize(1);
    assertThat(bodies(Pipeline.standard().run(LOOP)).getFirst().nodes()).hasSize(2);
  }

  @Test
  void keepsTheMeaning() {
    checkMeaning(BRANCHES, Pipeline.standard(), 1e-6);
    checkMeaning(LOOP, Pipeline.standard(), 1e-6);
  }

  @Test
  void leavesBodiesInFloat() {
    Pipeline half = Pipeline.standard().then(new AssignPrecision(ElementType.FLOAT16));
    for (Graph graph : List.of(BRANCHES, LOOP)) {
      checkMeaning(graph, half, 1e-6);
      assertThat(bodies(half.run(graph)))
          .allSatisfy(body ->
              assertThat(body.nodes())
                  .flatExtracting(Node::results)
                  .extracting(Value::elementType)
                  .doesNotContain(ElementType.FLOAT16));
    }
  }

  /** Nobody knows how long such a loop takes. */
  @Test
  void runsNoLoopToFoldIt() {
    assertThat(bodies(Pipeline.standard().run(CONSTANT))).hasSize(1);
  }
}
