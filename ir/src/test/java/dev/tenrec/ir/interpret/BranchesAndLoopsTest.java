package dev.tenrec.ir.interpret;

import static dev.tenrec.ir.interpret.Evaluation.run;
import static dev.tenrec.ir.testing.Tensors.floats;
import static dev.tenrec.ir.testing.Tensors.sizes;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.tensor.Tensor;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.ir.verify.GraphVerifier;
import org.junit.jupiter.api.Test;

/** Graphs of which one is run, and a graph that is run until something ends it. */
class BranchesAndLoopsTest {
  private static final Graph BRANCHES =
      GraphParser.parse(
          """
          g (bool p, float[N] x, float[M] y) => (float[?] z, float[N] w) {
            z, w = If<
              then=first (float[A] a, float[B] b) => (float[A] r = s, float[A] u = s) {
                s = Neg(a)
              },
              else=second (float[A] a, float[B] b) => (float[B] r = b, float[A] u = a) {}>(p, x, y)
          }
          """);

  /** Adds the turn's number to a state while the sum stays below a bound, and collects the sums. */
  private static final Graph LOOP =
      GraphParser.parse(
          """
          g (int64 most, bool first, int64 start, int64 bound) => (int64 last, int64[?] sums) {
            last, sums = Loop<condition=true, states=1,
              body=body (int64 turn, int64 sum, int64 top)
                  => (bool more, int64 next, int64 step = next) {
                next = Add(sum, turn)
                more = Less(next, top)
              }>(most, first, start, bound)
          }
          """);

  /** A state that is one longer after each turn. */
  private static final Graph GROWING =
      GraphParser.parse(
          """
          g (int64 count, float[N] x) => (float[?] y, float[?,2] first) {
            y, first = Loop<states=1,
              body=body (int64 turn, float[L] state) => (float[L + 1] next, float[2] two) {
                tail = Constant<value=float[1] {7.0}>()
                next = Concat<axis=0>(state, tail)
                from = Constant<value=int64[1] {0}>()
                to = Constant<value=int64[1] {2}>()
                two = Slice<axes=[0]>(next, from, to)
              }>(count, x)
          }
          """);

  private static Tensor bool(boolean value) {
    return Tensor.scalar(ElementType.BOOL, value ? 1 : 0);
  }

  private static Tensor number(long value) {
    return Tensor.ofLongs(value).withSizes(sizes());
  }

  @Test
  void runsTheBranchThatTheConditionSays() {
    assertThat(run(BRANCHES, bool(true), floats(1, 2), floats(3)))
        .containsEntry("z", floats(-1, -2))
        .containsEntry("w", floats(-1, -2));
    assertThat(run(BRANCHES, bool(false), floats(1, 2), floats(3)))
        .containsEntry("z", floats(3))
        .containsEntry("w", floats(1, 2));
  }

  @Test
  void sizesThatDifferBetweenBranchesAreOpen() {
    assertThat(BRANCHES.outputs().get(0).value().dim(0).toString()).isEqualTo("?");
    assertThat(BRANCHES.outputs().get(1).value().dim(0).toString()).isEqualTo("N");
  }

  @Test
  void eitherTheLimitOrTheConditionEndsALoop() {
    assertThat(run(LOOP, number(3), bool(true), number(10), number(100)))
        .containsEntry("last", number(13))
        .containsEntry("sums", Tensor.ofLongs(10, 11, 13));
    assertThat(run(LOOP, number(9), bool(true), number(10), number(13)))
        .containsEntry("last", number(13))
        .containsEntry("sums", Tensor.ofLongs(10, 11, 13));
    assertThat(run(LOOP, number(9), bool(false), number(10), number(13)))
        .containsEntry("last", number(10))
        .containsEntry("sums", Tensor.ofLongs());
  }

  @Test
  void statesMayChangeTheirSize() {
    assertThat(run(GROWING, number(2), floats(1)))
        .containsEntry("y", floats(1, 7, 7))
        .containsEntry("first", floats(sizes(2, 2), 1, 7, 1, 7));
    assertThat(run(GROWING, number(0), floats(1)).get("first")).isEqualTo(floats(sizes(0, 2)));
    assertThat(GROWING.outputs().get(0).value().dim(0).toString()).isEqualTo("?");
  }

  @Test
  void collectedStepsAreAsManyAsAKnownLimit() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[N] x) => (float[N] y, float[3,N] all) {
              count = Constant<value=int64 {3}>()
              y, all = Loop<states=1,
                body=body (int64 turn, float[K] s) => (float[K] next, float[K] step = next) {
                  next = Add(s, s)
                }>(count, x)
            }
            """);
    assertThat(graph.outputs().get(1).value().type().toString()).isEqualTo("float[3,N]");
    assertThat(run(graph, floats(1, 2)))
        .containsEntry("y", floats(8, 16))
        .containsEntry("all", floats(sizes(3, 2), 2, 4, 4, 8, 8, 16));
  }

  @Test
  void textFormReadsWhatItPrints() {
    for (Graph graph : new Graph[] {BRANCHES, LOOP, GROWING}) {
      GraphVerifier.WELL_FORMED.verify(graph);
      String text = GraphPrinter.print(graph);
      assertThat(GraphPrinter.print(GraphParser.parse(text))).isEqualTo(text);
    }
  }

  @Test
  void refusesWhatHasNoMeaning() {
    assertThatThrownBy(() ->
            GraphParser.parse(
                """
                g (bool p, float[N] x) => (float[N] y) {
                  y = If<then=a (float[N] x) => (float[N] x) {},
                    else=b (float[N] x) => (bool[N] r) { r = IsNan(x) }>(p, x)
                }
                """))
        .hasMessageContaining("the branches give values of types float[N] and bool[N]");
    assertThatThrownBy(() ->
            GraphParser.parse(
                """
                g (float[N] x) => (float[N] y) {
                  y = Loop<limit=false, states=1,
                    body=b (int64 turn, float[N] x) => (float[N] x) {}>(x)
                }
                """))
        .hasMessageContaining("nothing ends the loop");
    assertThatThrownBy(() ->
            GraphParser.parse(
                """
                g (int64 n, float[2] x) => (float[2] y) {
                  y = Loop<states=1, body=b (int64 turn, float[3] x) => (float[3] x) {}>(n, x)
                }
                """))
        .hasMessageContaining("is float[3] in the body");
  }
}
