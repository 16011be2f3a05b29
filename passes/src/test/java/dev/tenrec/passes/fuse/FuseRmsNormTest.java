package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.Canonicalize;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseRmsNormTest {
  private static String graph(String type, String body) {
    return """
    g (float%s x, float%s z) => (float%s y) {
      epsilon = Constant<value=float {0.125}>()
      two = Constant<value=float {2}>()
      one = Constant<value=float {1}>()
      mhalf = Constant<value=float {-0.5}>()
      %s
    }
    """
        .formatted(type, type, type, body);
  }

  private static final String MEAN =
      " v = ReduceMean<axes=[1], keep_dims=true>(s) e = Add(v, epsilon) ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "s = Pow(x, two)" + MEAN + "r = Sqrt(e) y = Div(x, r)",
        "s = Mul(x, x)" + MEAN + "r = Sqrt(e) q = Reciprocal(r) y = Mul(x, q)",
        "s = Mul(x, x)" + MEAN + "r = Sqrt(e) q = Div(one, r) y = Mul(q, x)",
        "s = Mul(x, x)" + MEAN + "r = Pow(e, mhalf) y = Mul(x, r)"
      })
  void recognizesEverySpelling(String body) {
    rule(new FuseRmsNorm())
        .given(graph("[N,3]", body))
        .becomes(
            """
            g (float[N,3] x, float[N,3] z) => (float[N,3] y) {
              s = Constant<value=float[3] {1, 1, 1}>()
              y = RmsNorm<axis=1, epsilon=0.125>(x, s)
            }
            """);
  }

  @Test
  void recognizesTheFormThatCastsToFloat() {
    rule(new FuseOperations())
        .within(2e-3)
        .given(
            """
            g (float16[N,2] x) => (float16[N,2] y) {
              epsilon = Constant<value=float {0.125}>()
              scale = Constant<value=float16[2] {0.5, 2}>()
              f = Cast<to=float>(x)
              s = Mul(f, f)
              v = ReduceMean<axes=[1], keep_dims=true>(s)
              e = Add(v, epsilon)
              r = Sqrt(e)
              q = Div(f, r)
              h = Cast<to=float16>(q)
              y = Mul(scale, h)
            }
            """)
        .becomes(
            """
            g (float16[N,2] x) => (float16[N,2] y) {
              scale = Constant<value=float16[2] {0.5, 2}>()
              wide = Cast<to=float>(scale)
              f = Cast<to=float>(x)
              n = RmsNorm<axis=1, epsilon=0.125>(f, wide)
              y = Cast<to=float16>(n)
            }
            """);
  }

  @Test
  void worksBehindCanonicalization() {
    rule(new Canonicalize())
        .then(new FuseRmsNorm())
        .given(graph("[N,3]", "s = Pow(x, two)" + MEAN + "r = Pow(e, mhalf) y = Mul(x, r)"))
        .becomes(
            """
            g (float[N,3] x, float[N,3] z) => (float[N,3] y) {
              s = Constant<value=float[3] {1, 1, 1}>()
              y = RmsNorm<axis=1, epsilon=0.125>(x, s)
            }
            """);
  }

  @Test
  void refusesAnotherDividend() {
    rule(new FuseRmsNorm())
        .given(graph("[N,3]", "s = Mul(x, x)" + MEAN + "r = Sqrt(e) y = Div(z, r)"))
        .isRejected("is not the same value as x elsewhere");
  }

  @Test
  void refusesOpenSizes() {
    rule(new FuseRmsNorm())
        .given(graph("[N,K]", "s = Mul(x, x)" + MEAN + "r = Sqrt(e) y = Div(x, r)"))
        .isRejected("is normalized over dimensions of open size");
  }

  @Test
  void refusesARootThatOthersRead() {
    rule(new FuseRmsNorm())
        .given(graph("[N,3]", "s = Mul(x, x)" + MEAN + "r = Sqrt(e) q = Div(x, r) y = Add(q, r)"))
        .isRejected("is read elsewhere too");
  }
}
