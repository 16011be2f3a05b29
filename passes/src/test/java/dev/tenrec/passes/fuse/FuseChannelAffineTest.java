package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import org.junit.jupiter.api.Test;

class FuseChannelAffineTest {
  private static String graph(String body) {
    return """
    g (float[N,2,3] x, float[2] v) => (float[N,2,3] y) {
      s = Constant<value=float[2] {1, 2}>()
      b = Constant<value=float[2] {3, 4}>()
      c = Constant<value=float[2,1] {5, 6}>()
      d = Constant<value=float[1,2,1] {7, 8}>()
      row = Constant<value=float[3] {1, 2, 3}>()
      %s
    }
    """
        .formatted(body);
  }

  @Test
  void takesScaleAndBias() {
    rule(new FuseChannelAffine())
        .then(new FoldConstants())
        .given(graph("n = GroupNorm<epsilon=0.001>(x, s, b) m = Mul(n, c) y = Add(d, m)"))
        .becomes(
            """
            g (float[N,2,3] x, float[2] v) => (float[N,2,3] y) {
              s = Constant<value=float[2] {5, 12}>()
              b = Constant<value=float[2] {22, 32}>()
              y = GroupNorm<epsilon=0.001>(x, s, b)
            }
            """);
  }

  @Test
  void takesThoseOfChannelNormsToo() {
    rule(new FuseChannelAffine())
        .then(new FoldConstants())
        .given(graph("n = ChannelNorm<epsilon=0.001>(x, s, b) y = Mul(n, c)"))
        .becomes(
            """
            g (float[N,2,3] x, float[2] v) => (float[N,2,3] y) {
              s = Constant<value=float[2] {5, 12}>()
              b = Constant<value=float[2] {15, 24}>()
              y = ChannelNorm<epsilon=0.001>(x, s, b)
            }
            """);
  }

  @Test
  void refusesFactorsPerPosition() {
    rule(new FuseChannelAffine())
        .given(graph("n = GroupNorm<epsilon=0.001>(x, s, b) y = Mul(n, row)"))
        .isRejected("differs within a channel");
  }

  @Test
  void refusesParametersThatAreNoConstants() {
    rule(new FuseChannelAffine())
        .given(graph("n = GroupNorm<epsilon=0.001>(x, v, b) y = Mul(n, c)"))
        .isRejected("has parameters that are no constants");
  }

  @Test
  void refusesANormThatOthersRead() {
    rule(new FuseChannelAffine())
        .given(graph("n = GroupNorm<epsilon=0.001>(x, s, b) m = Mul(n, c) y = Add(m, n)"))
        .isRejected("is read elsewhere too");
  }
}
