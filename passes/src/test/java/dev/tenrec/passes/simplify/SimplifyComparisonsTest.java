package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimplifyComparisonsTest {
  private static String graph(String body) {
    return """
    g (float[N,3] x, int64[N] i) => (bool[N] y) {
      zero = Constant<value=int64 {0}>()
      one = Constant<value=int64 {1}>()
      minus = Constant<value=int64 {-1}>()
      n = Sizes<dims=[N], scalar=true>()
      range = Range(zero, n, one)
      %s
    }
    """
        .formatted(body);
  }

  @ParameterizedTest
  @CsvSource({
    "'y = GreaterOrEqual(range, zero)', 1",
    "'y = Greater(range, minus)', 1",
    "'y = Less(range, zero)', 0",
    "'y = LessOrEqual(range, minus)', 0",
    "'y = Equal(range, minus)', 0",
    "'d = Sub(range, n) y = Less(d, zero)', 1",
    "'m = Mul(range, minus) y = LessOrEqual(m, zero)', 1",
    "'r = Add(range, one) y = Less(range, r)', 1"
  })
  void knowsWhatHoldsForAllPositions(String body, int outcome) {
    rule(new SimplifyComparisons())
        .given(graph(body))
        .becomes(
            """
            g (float[N,3] x, int64[N] i) => (bool[N] y) {
              c = Constant<value=bool {%d}>()
              s = Sizes<dims=[N]>()
              y = Expand(c, s)
            }
            """
                .formatted(outcome));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "y = Greater(range, zero)",
        "y = Equal(range, zero)",
        "y = GreaterOrEqual(i, zero)",
        "y = Less(range, one)"
      })
  void leavesWhatDependsOnThePosition(String body) {
    rule(new SimplifyComparisons()).given(graph(body)).isUnchanged();
  }

  private static String convolution(String result, String body) {
    return """
    g (float[N,2,H] x, float[2,2,3] w) => (%s) {
      c = Conv<strides=[2]>(x, w)
      %s
    }
    """
        .formatted(result, body);
  }

  @Test
  void knowsThatSizesOfValuesAreNotNegative() {
    rule(new SimplifyComparisons())
        .given(
            convolution(
                "float[N,2,(H - 1)/2] c, bool[3] y",
                """
                s = Sizes<dims=[N,-1,(H - 1)/2]>()
                minus = Constant<value=int64[1] {-1}>()
                y = Equal(s, minus)
                """))
        .withSize("H", 7)
        .becomes(
            convolution(
                "float[N,2,(H - 1)/2] c, bool[3] y", "y = Constant<value=bool[3] {0, 1, 0}>()"));
  }

  @Test
  void doesNotKnowTheSignOfOtherNumbers() {
    rule(new SimplifyComparisons())
        .given(
            convolution(
                "float[N,2,(H - 1)/2] c, bool[1] y",
                """
                s = Sizes<dims=[(H - 3)/2]>()
                minus = Constant<value=int64[1] {-1}>()
                y = Equal(s, minus)
                """))
        .withSize("H", 7)
        .isUnchanged();
  }
}
