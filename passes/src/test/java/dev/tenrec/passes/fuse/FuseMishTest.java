package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class FuseMishTest {
  private static String graph(String body) {
    return "g (float[N] x) => (float[N] y) { one = Constant<value=float {1}>() %s }"
        .formatted(body);
  }

  @Test
  void recognizesSoftplus() {
    rule(new FuseMish())
        .given(graph("s = Softplus(x) t = Tanh(s) y = Mul(t, x)"))
        .becomes("g (float[N] x) => (float[N] y) { y = Mish(x) }");
  }

  @Test
  void recognizesSoftplusInParts() {
    rule(new FuseMish())
        .given(graph("e = Exp(x) p = Add(one, e) s = Log(p) t = Tanh(s) y = Mul(x, t)"))
        .becomes("g (float[N] x) => (float[N] y) { y = Mish(x) }");
  }

  @Test
  void refusesAnotherFactor() {
    rule(new FuseMish())
        .given(
            "g (float[N] x, float[N] z) => (float[N] y) { s = Softplus(x) t = Tanh(s) y = Mul(t, z)"
                + " }")
        .isUnchanged();
  }

  @Test
  void refusesOtherNumbers() {
    rule(new FuseMish())
        .given(
            """
            g (float[N] x) => (float[N] y) {
              two = Constant<value=float {2}>()
              e = Exp(x)
              p = Add(e, two)
              s = Log(p)
              t = Tanh(s)
              y = Mul(x, t)
            }
            """)
        .isRejected("is not the constant 1.0");
  }

  @Test
  void refusesWhatIsBroadcast() {
    rule(new FuseMish())
        .given(
            """
            g (float[N] x) => (float[1,N] y) {
              one = Constant<value=float[1,1] {1}>()
              e = Exp(x)
              p = Add(e, one)
              s = Log(p)
              t = Tanh(s)
              y = Mul(x, t)
            }
            """)
        .isRejected("is broadcast to another shape");
  }
}
