package dev.tenrec.passes.testing;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Op;
import dev.tenrec.ir.Value;
import dev.tenrec.passes.rewrite.MatchContext;
import dev.tenrec.passes.rewrite.Rule;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The tester finds rules that are wrong. */
class RuleTesterTest {
  private static final String GRAPH = "g (float[N,2] x) => (float[N,2] y) { y = Sin(x) }";

  private record ReplaceSine(UnaryKind replacement) implements Rule {
    @Override
    public String name() {
      return "replace-sine";
    }

    @Override
    public Optional<Value> rewrite(Op op, MatchContext context) {
      return op instanceof Unary(UnaryKind kind, Value x) && kind == UnaryKind.SIN
          ? Optional.of(new Unary(replacement, x).value())
          : Optional.empty();
    }
  }

  @Test
  void failsARuleThatChangesResults() {
    assertThatThrownBy(() ->
            rule(new ReplaceSine(UnaryKind.TAN))
                .given(GRAPH)
                .becomes("g (float[N,2] x) => (float[N,2] y) { y = Tan(x) }"))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("output y: error", "element ");
  }

  @Test
  void toleratesWhatItIsToldTo() {
    rule(new ReplaceSine(UnaryKind.TAN))
        .within(1)
        .given(GRAPH)
        .withInput("x", -0.1, 0.1)
        .becomes("g (float[N,2] x) => (float[N,2] y) { y = Tan(x) }");
  }

  @Test
  void failsWhereTheGraphIsAnotherOne() {
    assertThatThrownBy(() -> rule(new ReplaceSine(UnaryKind.SIN)).given(GRAPH).isUnchanged())
        .isInstanceOf(RuntimeException.class);
    assertThatThrownBy(() ->
            rule(new ReplaceSine(UnaryKind.TAN))
                .within(1)
                .given(GRAPH)
                .withInput("x", 0, 0.1)
                .isUnchanged())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("changed into");
  }
}
