package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import org.junit.jupiter.api.Test;

class FuseConvBiasTest {
  private static final String HEAD = "g (float[N,1,3,3] x, float[1] v) => (float[N,2,3,3] y) ";

  private static String graph(String body) {
    return HEAD
        + """
        {
          w = Constant<value=float[2,1,1,1] {1, 2}>()
          b = Constant<value=float[2] {1, -1}>()
          k = Constant<value=float[1,2,1,1] {3, 5}>()
          rows = Constant<value=float[3,1] {1, 2, 3}>()
          %s
        }
        """
            .formatted(body);
  }

  @Test
  void takesASummandAsBias() {
    rule(new FuseConvBias())
        .then(new FoldConstants())
        .given(graph("a = Conv(x, w) y = Add(a, k)"))
        .becomes(
            HEAD
                + """
                {
                  w = Constant<value=float[2,1,1,1] {1, 2}>()
                  b = Constant<value=float[2] {3, 5}>()
                  y = Conv(x, w, b)
                }
                """);
  }

  @Test
  void addsToTheBias() {
    rule(new FuseConvBias())
        .then(new FoldConstants())
        .given(graph("a = Conv(x, w, b) y = Add(k, a)"))
        .becomes(
            HEAD
                + """
                {
                  w = Constant<value=float[2,1,1,1] {1, 2}>()
                  b = Constant<value=float[2] {4, 4}>()
                  y = Conv(x, w, b)
                }
                """);
  }

  @Test
  void refusesASummandPerRow() {
    rule(new FuseConvBias())
        .given(graph("a = Conv(x, w) y = Add(a, rows)"))
        .isRejected("differs within a channel");
  }

  @Test
  void refusesAComputedSummand() {
    rule(new FuseConvBias())
        .given(graph("a = Conv(x, w) y = Add(a, v)"))
        .isRejected("is not a constant");
  }

  @Test
  void refusesAConvolutionThatOthersRead() {
    rule(new FuseConvBias())
        .given(graph("a = Conv(x, w) s = Add(a, k) y = Mul(s, a)"))
        .isRejected("is read elsewhere too");
  }
}
