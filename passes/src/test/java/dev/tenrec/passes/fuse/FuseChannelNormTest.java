package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class FuseChannelNormTest {
  private static final String HEAD = "g (float[N,3,4,5] x) => (float[N,3,4,5] y) ";

  private static RuleTester.Given given(String norm) {
    return rule(new FuseChannelNorm())
        .given(
            HEAD
                + """
                {
                  s = Constant<value=float[3] {1, 2, 3}>()
                  b = Constant<value=float[3] {4, 5, 6}>()
                  one = Constant<value=float[1] {2}>()
                  t = Transpose<permutation=[0,2,3,1]>(x)
                  n = %s
                  y = Transpose<permutation=[0,3,1,2]>(n)
                }
                """
                    .formatted(norm));
  }

  private static String result(String bias) {
    return HEAD
        + """
        {
          s = Constant<value=float[3] {1, 2, 3}>()
          b = Constant<value=float[3] {%s}>()
          y = ChannelNorm<epsilon=0.001>(x, s, b)
        }
        """
            .formatted(bias);
  }

  @Test
  void leavesTheChannelsWhereTheyAre() {
    given("LayerNorm<axis=3, epsilon=0.001>(t, s, b)").becomes(result("4, 5, 6"));
  }

  @Test
  void addsZerosWhereThereIsNoBias() {
    given("LayerNorm<axis=3, epsilon=0.001>(t, s)").becomes(result("0, 0, 0"));
  }

  @Test
  void refusesANormalizationOverMore() {
    given("LayerNorm<axis=2, epsilon=0.001>(t, s)").isRejected("is not over one axis");
  }

  @Test
  void refusesOneParameterForAll() {
    given("LayerNorm<axis=3, epsilon=0.001>(t, one)")
        .isRejected("is not normalized with a parameter per channel");
  }

  @Test
  void refusesOtherTransposes() {
    rule(new FuseChannelNorm())
        .given(
            """
            g (float[N,4,5,3] x) => (float[N,3,4,5] y) {
              s = Constant<value=float[3] {1, 2, 3}>()
              t = Transpose<permutation=[0,2,1,3]>(x)
              n = LayerNorm<axis=3, epsilon=0.001>(t, s)
              y = Transpose<permutation=[0,3,2,1]>(n)
            }
            """)
        .isUnchanged();
  }

  @Test
  void refusesANormalizationThatOthersRead() {
    rule(new FuseChannelNorm())
        .given(
            """
            g (float[N,3,4,5] x) => (float[N,3,4,5] y, float[N,4,5,3] n) {
              s = Constant<value=float[3] {1, 2, 3}>()
              t = Transpose<permutation=[0,2,3,1]>(x)
              n = LayerNorm<axis=3, epsilon=0.001>(t, s)
              y = Transpose<permutation=[0,3,1,2]>(n)
            }
            """)
        .isRejected("is read elsewhere too");
  }
}
