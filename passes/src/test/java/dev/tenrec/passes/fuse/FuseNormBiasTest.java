package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import org.junit.jupiter.api.Test;

class FuseNormBiasTest {
  private static final String HEAD = "g (float[N,2] x, float[2] w) => (float[N,2] y) ";

  private static String graph(String body) {
    return HEAD
        + """
        {
          s = Constant<value=float[2] {2, 3}>()
          b = Constant<value=float[2] {5, 7}>()
          c = Constant<value=float[1,2] {0.5, 4}>()
          rows = Constant<value=float[2,1] {0.5, 4}>()
          %s
        }
        """
            .formatted(body);
  }

  @Test
  void takesAConstantAsBias() {
    rule(new FuseNormBias())
        .given(graph("n = LayerNorm<axis=1, epsilon=0.5>(x, s) y = Add(b, n)"))
        .becomes(
            HEAD
                + """
                {
                  s = Constant<value=float[2] {2, 3}>()
                  b = Constant<value=float[2] {5, 7}>()
                  y = LayerNorm<axis=1, epsilon=0.5>(x, s, b)
                }
                """);
  }

  @Test
  void addsConstants() {
    rule(new FuseNormBias())
        .then(new FoldConstants())
        .given(graph("n = LayerNorm<axis=1, epsilon=0.5>(x, s, b) y = Add(n, c)"))
        .becomes(
            HEAD
                + """
                {
                  s = Constant<value=float[2] {2, 3}>()
                  b = Constant<value=float[2] {5.5, 11}>()
                  y = LayerNorm<axis=1, epsilon=0.5>(x, s, b)
                }
                """);
  }

  @Test
  void refusesAResidual() {
    rule(new FuseNormBias())
        .given(graph("n = LayerNorm<axis=1, epsilon=0.5>(x, s) y = Add(n, x)"))
        .isRejected("is not a constant");
  }

  @Test
  void refusesASummandPerRow() {
    rule(new FuseNormBias())
        .given(graph("n = LayerNorm<axis=1, epsilon=0.5>(x, s) y = Add(n, rows)"))
        .withSize("N", 2)
        .isRejected("depends on more than the normalized dimensions");
  }

  @Test
  void refusesBesideAComputedBias() {
    rule(new FuseNormBias())
        .given(graph("n = LayerNorm<axis=1, epsilon=0.5>(x, s, w) y = Add(n, b)"))
        .isRejected("is not a constant");
  }

  @Test
  void refusesANormalizedValueThatOthersRead() {
    rule(new FuseNormBias())
        .given(graph("n = LayerNorm<axis=1, epsilon=0.5>(x, s) m = Add(n, b) y = Mul(m, n)"))
        .isRejected("is read elsewhere too");
  }
}
