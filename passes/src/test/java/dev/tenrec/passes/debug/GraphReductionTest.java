package dev.tenrec.passes.debug;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Contraction.MatMul;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Shuffle;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.ir.text.GraphPrinter;
import dev.tenrec.ir.verify.GraphVerifier;
import dev.tenrec.passes.testing.RandomGraph;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class GraphReductionTest {
  private static final Predicate<Graph> HAS_SINE = has(GraphReductionTest::isSine);

  private static boolean isSine(Op op) {
    return op instanceof Unary(UnaryKind kind, _) && kind == UnaryKind.SIN;
  }

  private static Predicate<Graph> has(Predicate<Op> wanted) {
    return graph -> graph.nodes().stream().map(Node::op).anyMatch(wanted);
  }

  private static String reduce(String graph, Predicate<Graph> fails) {
    return GraphPrinter.print(
        GraphReduction.reduce(GraphParser.parse(graph), fails, (_, _, _) -> {}));
  }

  @Test
  void keepsOneOperationOutOfMany() {
    assertThat(
            reduce(
                """
                g (float[N,8] x, float[N,8] z) => (float[N,8] y, float[N,8] w) {
                  a = Exp(x)
                  b = Add(a, z)
                  c = Sin(b)
                  d = Abs(c)
                  y = Mul(d, a)
                  w = Exp(c)
                }
                """,
                HAS_SINE))
        .isEqualTo("g (float[1,1] b) => (float[1,1] c) {\n  c = Sin(b)\n}\n");
  }

  @Test
  void keepsWhatHangsTogether() {
    Predicate<Graph> sineOfExp =
        has(op ->
            isSine(op)
                && ((Unary) op)
                    .x().producedBy(Unary.class).stream().anyMatch(u -> u.kind() == UnaryKind.EXP));
    assertThat(
            reduce(
                """
                g (float[N,8] x) => (float[N,8] y) {
                  a = Abs(x)
                  b = Exp(a)
                  c = Sin(b)
                  y = Neg(c)
                }
                """,
                sineOfExp))
        .isEqualTo("g (float[1,1] a) => (float[1,1] c) {\n  b = Exp(a)\n  c = Sin(b)\n}\n");
  }

  @Test
  void goesPastOperationsInBetween() {
    Predicate<Graph> sineAndExp =
        HAS_SINE.and(graph ->
            !graph.inputs().isEmpty()
                && graph.inputs().size() < 2
                && graph.nodes().stream()
                    .anyMatch(n -> n.op() instanceof Unary u && u.kind() == UnaryKind.EXP));
    assertThat(
            reduce(
                """
                g (float[2] x) => (float[2] y) {
                  b = Exp(x)
                  m = Neg(b)
                  c = Sin(m)
                  y = Neg(c)
                }
                """,
                sineAndExp))
        .contains("b = Exp(x)\n", "c = Sin(b)\n")
        .doesNotContain("Neg");
  }

  @Test
  void shrinksWeightsAndShapes() {
    assertThat(
            reduce(
                """
                g (float[N,6] x) => (float[3,?] y) {
                  w = Constant<value=float[6,4] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24}>()
                  m = MatMul(x, w)
                  shape = Constant<value=int64[2] {3, -1}>()
                  y = Reshape(m, shape)
                }
                """,
                has(MatMul.class::isInstance)))
        .isEqualTo("g (float[1,1] x, float[1,1] w) => (float[1,1] m) {\n  m = MatMul(x, w)\n}\n");
  }

  @Test
  void constantsThatMatterStayConstants() {
    Predicate<Graph> reshape =
        has(op -> op instanceof Shuffle.Reshape(_, var shape, _) && shape.constant().isPresent());
    assertThat(
            reduce(
                """
                g (float[4,6] x) => (float[2,12] y) {
                  a = Exp(x)
                  shape = Constant<value=int64[2] {2, 12}>()
                  y = Reshape(a, shape)
                }
                """,
                reshape))
        .contains("Reshape(", "Constant<value=int64[2]")
        .doesNotContain("Exp");
  }

  @Test
  void knownShapesBecomeConstantsWhereTheyAreCut() {
    Predicate<Graph> reshape = has(op -> op instanceof Shuffle.Reshape);
    assertThat(
            reduce(
                """
                g (float[4,6] x) => (float[24] y) {
                  shape = ShapeOf(x)
                  count = ReduceProd<axes=[0], keep_dims=true>(shape)
                  y = Reshape(x, count)
                }
                """,
                reshape))
        .doesNotContain("ShapeOf", "Reduce");
  }

  @Property(tries = 40)
  void reducedGraphsAreValidFailAndAreNotTriedTwice(@ForAll long seed) {
    Graph graph = RandomGraph.of(seed, 25);
    Assume.that(HAS_SINE.test(graph));
    List<String> tried = new ArrayList<>();
    Graph reduced =
        GraphReduction.reduce(
            graph,
            candidate -> {
              GraphVerifier.WELL_FORMED.verify(candidate);
              tried.add(GraphPrinter.print(candidate));
              return HAS_SINE.test(candidate);
            },
            (_, _, _) -> {});
    assertThat(reduced.nodes().stream().map(Node::op))
        .hasSize(1)
        .allMatch(GraphReductionTest::isSine);
    assertThat(tried).doesNotHaveDuplicates();
  }

  @Test
  void tellsEachTrial() {
    List<Integer> numbers = new ArrayList<>();
    GraphReduction.reduce(WrongPasses.GRAPH, HAS_SINE, (number, _, _) -> numbers.add(number));
    assertThat(numbers).isNotEmpty().isSorted().startsWith(1).doesNotHaveDuplicates();
  }
}
