package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import org.junit.jupiter.api.Test;

class FuseNormScaleTest {
  private static String graph(String body) {
    return """
    g (float[N,2] x, float[2] w, float[N,1] t) => (float[N,2] y) {
      ones = Constant<value=float[2] {1, 1}>()
      s = Constant<value=float[2] {2, 3}>()
      b = Constant<value=float[2] {5, 7}>()
      c = Constant<value=float[1,2] {0.5, 4}>()
      four = Constant<value=float {4}>()
      %s
    }
    """
        .formatted(body);
  }

  private static final String HEAD =
      "g (float[N,2] x, float[2] w, float[N,1] t) => (float[N,2] y) ";

  @Test
  void takesAComputedScaleIntoAPlainNormalization() {
    rule(new FuseNormScale())
        .given(graph("n = RmsNorm<axis=1, epsilon=0.5>(x, ones) y = Mul(w, n)"))
        .becomes(HEAD + "{ y = RmsNorm<axis=1, epsilon=0.5>(x, w) }");
  }

  @Test
  void multipliesConstants() {
    rule(new FuseNormScale())
        .then(new FoldConstants())
        .given(graph("n = LayerNorm<axis=1, epsilon=0.5>(x, s, b) y = Mul(n, c)"))
        .becomes(
            HEAD
                + """
                {
                  s = Constant<value=float[2] {1, 12}>()
                  b = Constant<value=float[2] {2.5, 28}>()
                  y = LayerNorm<axis=1, epsilon=0.5>(x, s, b)
                }
                """);
  }

  @Test
  void spreadsAScalarOverTheNormalizedDimensions() {
    rule(new FuseNormScale())
        .then(new FoldConstants())
        .given(graph("n = RmsNorm<axis=1, epsilon=0.5>(x, ones) y = Mul(n, four)"))
        .becomes(
            HEAD
                + """
                {
                  s = Constant<value=float[2] {4, 4}>()
                  y = RmsNorm<axis=1, epsilon=0.5>(x, s)
                }
                """);
  }

  @Test
  void refusesAFactorPerRow() {
    rule(new FuseNormScale())
        .given(graph("n = RmsNorm<axis=1, epsilon=0.5>(x, ones) y = Mul(n, t)"))
        .isRejected("depends on more than the normalized dimensions");
  }

  @Test
  void refusesAComputedFactorBesideAnotherScale() {
    rule(new FuseNormScale())
        .given(graph("n = RmsNorm<axis=1, epsilon=0.5>(x, s) y = Mul(n, w)"))
        .isRejected("is not a constant");
  }

  @Test
  void refusesANormalizedValueThatOthersRead() {
    rule(new FuseNormScale())
        .given(graph("n = RmsNorm<axis=1, epsilon=0.5>(x, ones) m = Mul(n, c) y = Add(m, n)"))
        .isRejected("is read elsewhere too");
  }
}
