package dev.tenrec.passes.rewrite;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.collect.ImmutableList;
import dev.tenrec.ir.Elementwise.Binary;
import dev.tenrec.ir.Elementwise.BinaryKind;
import dev.tenrec.ir.Elementwise.Cast;
import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Node;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Reduction.Reduce;
import dev.tenrec.ir.Reduction.TopK;
import dev.tenrec.ir.Shuffle.Reshape;
import dev.tenrec.ir.Terms;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.tensor.ElementType;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.PassContext;
import dev.tenrec.passes.RewriteListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;

class RewriteDriverTest {
  private static final String NEGATIONS =
      """
      g (float[2] x) => (float[2] y) {
        a = Neg(x)
        b = Neg(a)
        c = Neg(b)
        d = Neg(c)
        y = Exp(d)
      }
      """;

  /** A rule from a function, under a name. */
  private record Named(String name, BiFunction<Op, MatchContext, Optional<Value>> function)
      implements Rule {
    @Override
    public Optional<Value> rewrite(Op op, MatchContext context) {
      return function.apply(op, context);
    }
  }

  private static final Rule DROP_DOUBLE_NEGATION =
      new Named(
          "drop-double-negation",
          (op, _) ->
              op instanceof Unary(UnaryKind kind, Value x) && kind == UnaryKind.NEG
                  ? x.producedBy(Unary.class)
                      .filter(inner -> inner.kind() == UnaryKind.NEG)
                      .map(Unary::x)
                  : Optional.empty());

  @Test
  void appliesRulesUntilNoneApplies() {
    rule(DROP_DOUBLE_NEGATION)
        .given(NEGATIONS)
        .becomes("g (float[2] x) => (float[2] y) { y = Exp(x) }");
  }

  @Test
  void countsApplicationsAndStopsAtTheLimit() {
    List<String> seen = new ArrayList<>();
    RewriteListener listener =
        new RewriteListener() {
          @Override
          public void applied(String rule, Value before, Value after) {
            seen.add(rule + " " + before.name() + " " + after.name());
          }
        };
    PassContext context = new PassContext(1, listener);
    Graph after = DROP_DOUBLE_NEGATION.run(GraphParser.parse(NEGATIONS), context);
    assertThat(after.nodes()).hasSize(3);
    assertThat(context.rewrites()).isEqualTo(1);
    assertThat(context.applications()).containsEntry("drop-double-negation", 1);
    assertThat(seen).containsExactly("drop-double-negation b x");
  }

  @Test
  void sharesNodesThatDoNotChange() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[2] x) => (float[2] y, float[2] z) {
              a = Neg(x)
              y = Neg(a)
              z = Exp(x)
            }
            """);
    Graph after = DROP_DOUBLE_NEGATION.run(graph, PassContext.unlimited());
    assertThat(after.nodes()).containsExactly(graph.nodes().get(2));
  }

  @Test
  void keepsTheNameAndMergesTheLocationsOfWhatIsReplaced() {
    Rule rule =
        new Named(
            "squared",
            (op, context) ->
                op instanceof Unary(UnaryKind kind, Value x)
                        && kind == UnaryKind.EXP
                        && context.hasOneUse(x)
                        && x.producedBy(Unary.class).isPresent()
                    ? Optional.of(
                        new Binary(
                                BinaryKind.MUL,
                                x.producedBy(Unary.class).get().x(),
                                x.producedBy(Unary.class).get().x())
                            .value())
                    : Optional.empty());
    Graph graph =
        GraphParser.parse(
            """
            g (float[2] x) => (float[2] z) {
              a = Neg(x)
              y = Exp(a)
              z = Sin(y)
            }
            """);
    Node product = rule.run(graph, PassContext.unlimited()).nodes().getFirst();
    assertThat(product.result().name()).isEqualTo("y");
    assertThat(product.location().describe()).isEqualTo("line 2 + line 3 fused by squared");
  }

  @Test
  void countsGraphOutputsAndForgetsReadersThatHaveGone() {
    List<Integer> uses = new ArrayList<>();
    Rule rule =
        new Named(
            "count",
            (op, context) -> {
              if (op instanceof Unary(UnaryKind kind, Value x) && kind == UnaryKind.SIN) {
                uses.add(context.uses(x));
              }
              return DROP_DOUBLE_NEGATION.rewrite(op, context);
            });
    Graph graph =
        GraphParser.parse(
            """
            g (float[2] x) => (float[2] y, float[2] z, float[2] w) {
              y = Exp(x)
              a = Neg(y)
              z = Neg(a)
              w = Sin(y)
            }
            """);
    Graph after = rule.run(graph, PassContext.unlimited());
    assertThat(uses.getFirst()).isEqualTo(3);
    assertThat(after.uses().count(after.outputs().getFirst().value())).isEqualTo(3);
  }

  @Test
  void refusesAReplacementOfAnotherType() {
    Rule wrong =
        new Named(
            "wrong",
            (op, _) ->
                op instanceof Unary(_, Value x)
                    ? Optional.of(new Cast(x, ElementType.FLOAT16).value())
                    : Optional.empty());
    assertThatThrownBy(() -> wrong.run(GraphParser.parse(NEGATIONS), PassContext.unlimited()))
        .isInstanceOf(TenrecException.class)
        .hasMessageContaining("rule 'wrong' failed on")
        .hasMessageContaining("float16[2] cannot replace float[2]")
        .hasMessageContaining("line 2");
  }

  @Test
  void doesNotTakeAReplacementThatTellsLessAboutSizes() {
    Rule vague =
        new Named(
            "vague",
            (op, _) ->
                op instanceof Reshape(Value x, Value shape, _) && shape.content().isPresent()
                    ? Optional.of(
                        new Reshape(
                                x,
                                new Binary(
                                        BinaryKind.MAX,
                                        shape,
                                        x.producer().orElseThrow().op().operands().get(1))
                                    .value(),
                                false)
                            .value())
                    : Optional.empty());
    rule(vague)
        .given(
            """
            g (float[4] x, int64[2] s) => (float[2,2] y) {
              r = Reshape(x, s)
              two = Constant<value=int64[2] {2, 2}>()
              y = Reshape(r, two)
            }
            """)
        .withInput("s", 2, 2)
        .isUnchanged();
  }

  @Test
  void takesOneOfSeveralResults() {
    Rule best =
        new Named(
            "best",
            (op, _) ->
                op instanceof Reduce reduce && reduce.keepDims()
                    ? Optional.of(
                        Node.of(new TopK(reduce.x(), Terms.vector(1), 0, true))
                            .results()
                            .getFirst())
                    : Optional.empty());
    rule(best)
        .given(
            """
            g (float[3] x) => (float[1] y) {
              m = ReduceMax<axes=[0], keep_dims=true>(x)
              y = Neg(m)
            }
            """)
        .becomes(
            """
            g (float[3] x) => (float[1] y) {
              k = Constant<value=int64[1] {1}>()
              m, at = TopK<axis=0>(x, k)
              y = Neg(m)
            }
            """);
  }

  @Test
  void endsRulesThatUndoEachOther() {
    Rule flip =
        new Named(
            "flip",
            (op, _) ->
                op instanceof Binary(BinaryKind kind, Value a, Value b) && kind == BinaryKind.ADD
                    ? Optional.of(new Binary(kind, b, a).value())
                    : Optional.empty());
    Graph graph = GraphParser.parse("g (float[2] a, float[2] b) => (float[2] y) { y = Add(a, b) }");
    assertThatThrownBy(
            () -> new RewriteDriver(ImmutableList.of(flip)).run(graph, PassContext.unlimited()))
        .hasMessageContaining("rule 'flip' does not end");
  }
}
