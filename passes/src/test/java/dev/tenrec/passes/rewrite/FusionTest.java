package dev.tenrec.passes.rewrite;

import static dev.tenrec.passes.rewrite.Patterns.add;
import static dev.tenrec.passes.rewrite.Patterns.any;
import static dev.tenrec.passes.rewrite.Patterns.either;
import static dev.tenrec.passes.rewrite.Patterns.mul;
import static dev.tenrec.passes.rewrite.Patterns.number;
import static dev.tenrec.passes.rewrite.Patterns.sub;
import static dev.tenrec.passes.rewrite.Patterns.unary;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tenrec.ir.Elementwise.Unary;
import dev.tenrec.ir.Elementwise.UnaryKind;
import dev.tenrec.ir.Graph;
import dev.tenrec.ir.Value;
import dev.tenrec.ir.diagnostic.TenrecException;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.rewrite.Pattern.Variable;
import org.junit.jupiter.api.Test;

/** Patterns against graphs of a few operations. */
class FusionTest {
  private static final Variable X = any("x");
  private static final Variable Y = any("y");

  private record Named(Pattern pattern) implements Fusion {
    @Override
    public String name() {
      return "named";
    }

    @Override
    public Value replacement(Match.Found match) {
      return match.get(X);
    }
  }

  private static Match match(Pattern pattern, String body) {
    Graph graph =
        GraphParser.parse(
            "g (float[2] a, float[2] b, float[2] c) => (float[2] r) { " + body + " }");
    Value root = graph.outputs().getFirst().value();
    return new Named(pattern).match(MatchContext.of(graph, root));
  }

  private static Match.Found found(Pattern pattern, String body) {
    return (Match.Found) match(pattern, body);
  }

  private static Match.Rejected rejected(Pattern pattern, String body) {
    return (Match.Rejected) match(pattern, body);
  }

  @Test
  void bindsVariables() {
    Match.Found match = found(sub(X, Y), "r = Sub(a, b)");
    assertThat(match.get(X).name()).isEqualTo("a");
    assertThat(match.get(Y).name()).isEqualTo("b");
  }

  @Test
  void takesARepeatedVariableForTheSameValue() {
    assertThat(match(sub(X, X), "r = Sub(a, a)")).isInstanceOf(Match.Found.class);
    assertThat(rejected(sub(X, X), "r = Sub(a, b)").at().name()).isEqualTo("b");
  }

  @Test
  void triesBothOrdersOfCommutativeOperandsOnly() {
    Pattern negated = unary(UnaryKind.NEG, Y);
    assertThat(found(add(X, negated), "n = Neg(b) r = Add(n, a)").get(X).name()).isEqualTo("a");
    assertThat(match(sub(X, negated), "n = Neg(b) r = Sub(n, a)"))
        .isInstanceOf(Match.Rejected.class);
  }

  @Test
  void goesBackOverChoicesThatFailLater() {
    // The first order of the inner sum binds x to the wrong operand, which the outer product tells.
    assertThat(found(mul(add(X, Y), X), "s = Add(a, b) r = Mul(s, b)").get(X).name())
        .isEqualTo("b");
    Pattern optional = either(add(X, number(1)), X);
    assertThat(found(mul(optional, unary(UnaryKind.EXP, X)), "e = Exp(a) r = Mul(a, e)").get(X))
        .isNotNull();
  }

  @Test
  void capturesOperations() {
    Match.Found match =
        found(unary(UnaryKind.EXP, unary(UnaryKind.NEG, Y).as(X)), "n = Neg(a) r = Exp(n)");
    assertThat(match.operation(X, Unary.class).kind()).isEqualTo(UnaryKind.NEG);
    assertThatThrownBy(() -> match.number(Y)).isInstanceOf(TenrecException.class);
    assertThatThrownBy(() -> match.get(any("other"))).hasMessageContaining("'other'");
  }

  @Test
  void comparesNumbersAsFarAsTheElementTypeCanTell() {
    Pattern third = mul(X, number(1.0 / 3));
    assertThat(match(third, "k = Constant<value=float {0.33333334}>() r = Mul(a, k)"))
        .isInstanceOf(Match.Found.class);
    assertThat(rejected(third, "k = Constant<value=float {0.334}>() r = Mul(a, k)").reason())
        .contains("is not the constant 0.333");
  }

  @Test
  void countsReadersInsideOfTheMatchAsNone() {
    Pattern pattern = mul(unary(UnaryKind.NEG, X), unary(UnaryKind.EXP, unary(UnaryKind.NEG, X)));
    assertThat(match(pattern, "n = Neg(a) e = Exp(n) r = Mul(n, e)"))
        .isInstanceOf(Match.Found.class);
    Match.Rejected rejected =
        rejected(pattern, "n = Neg(a) e = Exp(n) r = Mul(n, e) unread = Sin(n)");
    assertThat(rejected.reason()).isEqualTo("is read elsewhere too");
    assertThat(rejected.at().name()).isEqualTo("n");
  }

  @Test
  void tellsHowFarTheBestAttemptCame() {
    Pattern pattern = mul(X, unary(UnaryKind.EXP, unary(UnaryKind.NEG, X)));
    assertThat(rejected(pattern, "r = Neg(a)").matched()).isZero();
    Match.Rejected near = rejected(pattern, "n = Sin(a) e = Exp(n) r = Mul(a, e)");
    assertThat(near.matched()).isEqualTo(3);
    assertThat(near.reason()).isEqualTo("is not computed by NEG");
    assertThat(near.at().name()).isEqualTo("n");
  }
}
