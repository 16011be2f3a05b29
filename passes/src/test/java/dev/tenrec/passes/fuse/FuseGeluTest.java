package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseGeluTest {
  private static String graph(String body) {
    return """
    g (float[N] x, float[N] z) => (float[N] y) {
      root = Constant<value=float {1.4142135}>()
      inverse = Constant<value=float {0.70710677}>()
      one = Constant<value=float {1}>()
      half = Constant<value=float {0.5}>()
      %s
    }
    """
        .formatted(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = Div(x, root) b = Erf(a) c = Add(b, one) d = Mul(x, c) y = Mul(d, half)",
        "a = Mul(x, inverse) b = Erf(a) c = Add(one, b) d = Mul(half, x) y = Mul(d, c)",
        "a = Mul(inverse, x) b = Erf(a) c = Add(b, one) d = Mul(c, half) y = Mul(x, d)"
      })
  void recognizesEverySpelling(String body) {
    rule(new FuseGelu())
        .given(graph(body))
        .becomes("g (float[N] x, float[N] z) => (float[N] y) { y = GeluErf(x) }");
  }

  @Test
  void refusesAnotherConstant() {
    rule(new FuseGelu())
        .given(graph("a = Mul(x, half) b = Erf(a) c = Add(b, one) d = Mul(x, c) y = Mul(d, half)"))
        .isRejected("is not the constant");
  }

  @Test
  void refusesAnotherFactor() {
    rule(new FuseGelu())
        .given(graph("a = Div(x, root) b = Erf(a) c = Add(b, one) d = Mul(z, c) y = Mul(d, half)"))
        .isRejected("is not the same value");
  }

  @Test
  void refusesAnInnerValueThatOthersRead() {
    rule(new FuseGelu())
        .given(
            graph(
                "a = Div(x, root) b = Erf(a) c = Add(b, one) d = Mul(x, c) e = Mul(d, half)"
                    + " y = Add(e, b)"))
        .isRejected("is read elsewhere too");
  }
}
