package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import org.junit.jupiter.api.Test;

class FuseConvScaleTest {
  private static final String HEAD = "g (float[N,1,3,3] x) => (float[N,2,3,3] y) ";

  private static String graph(String body) {
    return HEAD
        + """
        {
          w = Constant<value=float[2,1,1,1] {1, 2}>()
          b = Constant<value=float[2] {1, -1}>()
          k = Constant<value=float[2,1,1] {3, 5}>()
          two = Constant<value=float {2}>()
          columns = Constant<value=float[3] {1, 2, 3}>()
          %s
        }
        """
            .formatted(body);
  }

  @Test
  void takesAFactorPerChannelIntoWeightsAndBias() {
    rule(new FuseConvScale())
        .then(new FoldConstants())
        .given(graph("a = Conv(x, w, b) y = Mul(k, a)"))
        .becomes(
            HEAD
                + """
                {
                  w = Constant<value=float[2,1,1,1] {3, 10}>()
                  b = Constant<value=float[2] {3, -5}>()
                  y = Conv(x, w, b)
                }
                """);
  }

  @Test
  void takesAScalarFactor() {
    rule(new FuseConvScale())
        .then(new FoldConstants())
        .given(graph("a = Conv(x, w) y = Mul(a, two)"))
        .becomes(
            HEAD
                + """
                {
                  w = Constant<value=float[2,1,1,1] {2, 4}>()
                  y = Conv(x, w)
                }
                """);
  }

  @Test
  void refusesAFactorPerColumn() {
    rule(new FuseConvScale())
        .given(graph("a = Conv(x, w) y = Mul(a, columns)"))
        .isRejected("differs within a channel");
  }

  @Test
  void refusesAConvolutionThatOthersRead() {
    rule(new FuseConvScale())
        .given(graph("a = Conv(x, w) s = Mul(a, k) y = Add(s, a)"))
        .isRejected("is read elsewhere too");
  }
}
