package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FuseAttentionScaleTest {
  private static final String INPUTS = "g (float[B,2,S,4] q, float[B,2,T,4] k, float[S,T] m) => ";

  private static RuleTester.Given given(String nodes) {
    return rule(new FuseAttentionScale())
        .within(1e-5)
        .given(
            INPUTS
                + "(float[B,2,S,4] y) { half = Constant<value=float[1] {0.5}>() each ="
                + " Constant<value=float[4] {1, 2, 3, 4}>() "
                + nodes
                + " }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s = Mul(q, half) y = ScaledDotProduct(s, k, k) | <scale=0.5>(q, k, k)",
        "s = Mul(half, k) y = ScaledDotProduct<scale=3>(q, s, k) | <scale=1.5>(q, k, k)",
        "s = Div(q, half) y = ScaledDotProduct(s, k, k, m) | <scale=2>(q, k, k, m)",
        "s = Mul(q, half) t = Mul(k, half) y = ScaledDotProduct<soft_cap=3, causal=upper_left>(s,"
            + " t, k) | <scale=0.25, soft_cap=3, causal=upper_left>(q, k, k)"
      })
  void takesScalesOfQueriesAndKeys(String nodes, String attention) {
    given(nodes).becomes(INPUTS + "(float[B,2,S,4] y) { y = ScaledDotProduct" + attention + " }");
  }

  @Test
  void refusesAFactorPerElement() {
    given("s = Mul(q, each) y = ScaledDotProduct(s, k, k)").isRejected("is not a constant scalar");
  }

  @Test
  void refusesAProductThatOthersRead() {
    given("s = Mul(q, half) a = ScaledDotProduct(s, k, k) y = Add(a, s)")
        .isRejected("is read elsewhere too");
  }

  @Test
  void refusesAFactorThatBroadcasts() {
    rule(new FuseAttentionScale())
        .given(
            """
            g (float[2,3,4] q, float[1,2,3,4] k) => (float[1,2,3,4] y) {
              one = Constant<value=float[1,1,1,1] {2}>()
              s = Mul(q, one)
              y = ScaledDotProduct(s, k, k)
            }
            """)
        .isRejected("is broadcast to another shape");
  }
}
