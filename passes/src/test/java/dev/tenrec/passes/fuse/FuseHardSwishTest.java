package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FuseHardSwishTest {
  private static String graph(String body) {
    return """
    g (float[N] x, float[N] z) => (float[N] y) {
      three = Constant<value=float {3}>()
      six = Constant<value=float {6}>()
      sixth = Constant<value=float {0.16666667}>()
      %s
    }
    """
        .formatted(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = HardSigmoid<alpha=0.16666667, beta=0.5>(x) y = Mul(x, a)",
        "a = HardSigmoid<alpha=0.16666667, beta=0.5>(x) y = Mul(a, x)",
        "a = Add(x, three) b = Clip<beta=6>(a) c = Div(b, six) y = Mul(x, c)",
        "a = Add(x, three) b = Clip<beta=6>(a) c = Mul(b, sixth) y = Mul(c, x)",
        "a = Add(x, three) b = Clip<beta=6>(a) c = Mul(x, b) y = Div(c, six)"
      })
  void recognizesEverySpelling(String body) {
    rule(new FuseHardSwish())
        .given(graph(body))
        .becomes("g (float[N] x, float[N] z) => (float[N] y) { y = HardSwish(x) }");
  }

  @Test
  void refusesAnotherSlope() {
    rule(new FuseHardSwish())
        .given(graph("a = HardSigmoid<alpha=0.2, beta=0.5>(x) y = Mul(x, a)"))
        .isRejected("is not a hard sigmoid of slope 1/6");
  }

  @Test
  void refusesAnotherFactor() {
    rule(new FuseHardSwish())
        .given(graph("a = HardSigmoid<alpha=0.16666667, beta=0.5>(x) y = Mul(z, a)"))
        .isRejected("is not the same value");
  }

  @Test
  void refusesAGateThatOthersRead() {
    rule(new FuseHardSwish())
        .given(graph("a = HardSigmoid<alpha=0.16666667, beta=0.5>(x) b = Mul(x, a) y = Sub(b, a)"))
        .isRejected("is read elsewhere too");
  }
}
