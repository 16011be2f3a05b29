package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseLayerNormTest {
  private static String graph(String type, String body) {
    return """
    g (float%s x) => (float%s y) {
      epsilon = Constant<value=float {0.125}>()
      two = Constant<value=float {2}>()
      mhalf = Constant<value=float {-0.5}>()
      %s
    }
    """
        .formatted(type, type, body);
  }

  private static final String CENTRED =
      "m = ReduceMean<axes=[2], keep_dims=true>(x) d = Sub(x, m) ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s = Pow(d, two) v = ReduceMean<axes=[2], keep_dims=true>(s) e = Add(v, epsilon)"
            + " r = Sqrt(e) y = Div(d, r)",
        "s = Mul(d, d) v = ReduceMean<axes=[2], keep_dims=true>(s) e = Add(epsilon, v)"
            + " r = Sqrt(e) q = Reciprocal(r) y = Mul(q, d)"
      })
  void recognizesEverySpelling(String body) {
    rule(new FuseLayerNorm())
        .given(graph("[N,2,3]", CENTRED + body))
        .becomes(
            """
            g (float[N,2,3] x) => (float[N,2,3] y) {
              s = Constant<value=float[3] {1, 1, 1}>()
              y = LayerNorm<axis=2, epsilon=0.125>(x, s)
            }
            """);
  }

  @Test
  void recognizesSeveralDimensions() {
    rule(new FuseLayerNorm())
        .given(
            graph(
                "[N,2,2]",
                """
                m = ReduceMean<axes=[1,2], keep_dims=true>(x)
                d = Sub(x, m)
                s = Mul(d, d)
                v = ReduceMean<axes=[1,2], keep_dims=true>(s)
                e = Add(v, epsilon)
                r = Sqrt(e)
                y = Div(d, r)
                """))
        .becomes(
            """
            g (float[N,2,2] x) => (float[N,2,2] y) {
              s = Constant<value=float[2,2] {1, 1, 1, 1}>()
              y = LayerNorm<axis=1, epsilon=0.125>(x, s)
            }
            """);
  }

  private static String withVariance(String square, String mean) {
    return CENTRED + square + " v = " + mean + " e = Add(v, epsilon) r = Sqrt(e) y = Div(d, r)";
  }

  @Test
  void refusesAVarianceOverOtherDimensions() {
    rule(new FuseLayerNorm())
        .given(
            graph(
                "[N,2,3]",
                withVariance("s = Mul(d, d)", "ReduceMean<axes=[1,2], keep_dims=true>(s)")))
        .isRejected("goes over other dimensions");
  }

  @Test
  void refusesMeansOverInnerDimensions() {
    rule(new FuseLayerNorm())
        .given(
            graph(
                "[N,2,3]",
                withVariance("s = Mul(d, d)", "ReduceMean<axes=[1], keep_dims=true>(s)")))
        .isRejected("is not a mean over the last dimensions");
  }

  @Test
  void refusesASquareOfSomethingElse() {
    rule(new FuseLayerNorm())
        .given(
            graph(
                "[N,2,3]",
                withVariance("s = Mul(x, x)", "ReduceMean<axes=[2], keep_dims=true>(s)")))
        .isUnchanged();
  }

  @Test
  void refusesOpenSizes() {
    rule(new FuseLayerNorm())
        .given(
            graph(
                "[N,2,K]",
                withVariance("s = Mul(d, d)", "ReduceMean<axes=[2], keep_dims=true>(s)")))
        .isRejected("is normalized over dimensions of open size");
  }

  @Test
  void refusesACentredValueThatOthersRead() {
    rule(new FuseLayerNorm())
        .given(
            graph(
                "[N,2,3]",
                CENTRED
                    + "s = Mul(d, d) v = ReduceMean<axes=[2], keep_dims=true>(s)"
                    + " e = Add(v, epsilon) r = Sqrt(e) q = Div(d, r) y = Add(q, d)"))
        .isRejected("is read elsewhere too");
  }
}
