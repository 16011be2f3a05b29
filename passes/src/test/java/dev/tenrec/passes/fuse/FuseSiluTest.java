package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class FuseSiluTest {
  @Test
  void recognizesSiluInEitherOrder() {
    rule(new FuseSilu())
        .given("g (float[N] x) => (float[N] y) { s = Sigmoid(x) y = Mul(x, s) }")
        .becomes("g (float[N] x) => (float[N] y) { y = Swish<alpha=1>(x) }");
    rule(new FuseSilu())
        .given("g (float[N] x) => (float[N] y) { s = Sigmoid(x) y = Mul(s, x) }")
        .becomes("g (float[N] x) => (float[N] y) { y = Swish<alpha=1>(x) }");
  }

  @Test
  void recognizesQuickGelu() {
    rule(new FuseSilu())
        .given(
            """
            g (float[N] x) => (float[N] y) {
              c = Constant<value=float {1.5}>()
              p = Mul(x, c)
              s = Sigmoid(p)
              y = Mul(x, s)
            }
            """)
        .becomes("g (float[N] x) => (float[N] y) { y = Swish<alpha=1.5>(x) }");
  }

  @Test
  void refusesASigmoidThatOthersRead() {
    rule(new FuseSilu())
        .given(
            """
            g (float[N] x) => (float[N] y, float[N] z) {
              s = Sigmoid(x)
              y = Mul(x, s)
              z = Exp(s)
            }
            """)
        .isRejected("is read elsewhere too");
  }

  @Test
  void refusesASigmoidThatIsAnOutput() {
    rule(new FuseSilu())
        .given("g (float[N] x) => (float[N] y, float[N] s) { s = Sigmoid(x) y = Mul(x, s) }")
        .isRejected("is read elsewhere too");
  }

  @Test
  void refusesTheSigmoidOfSomethingElse() {
    rule(new FuseSilu())
        .given("g (float[N] x, float[N] z) => (float[N] y) { s = Sigmoid(z) y = Mul(x, s) }")
        .isRejected("z: float[N] is not the same value as x elsewhere");
  }

  @Test
  void refusesAFactorPerElement() {
    rule(new FuseSilu())
        .given(
            """
            g (float[N,2] x) => (float[N,2] y) {
              c = Constant<value=float[2] {1, 2}>()
              p = Mul(x, c)
              s = Sigmoid(p)
              y = Mul(x, s)
            }
            """)
        .isRejected("is not a constant scalar");
  }

  @Test
  void refusesAFactorThatBroadcasts() {
    rule(new FuseSilu())
        .given(
            """
            g (float[N] x) => (float[1,N] y) {
              c = Constant<value=float[1,1] {2}>()
              p = Mul(x, c)
              s = Sigmoid(p)
              y = Mul(x, s)
            }
            """)
        .isUnchanged();
  }
}
