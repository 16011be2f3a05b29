package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class FuseHardSigmoidTest {
  private static String graph(String body) {
    return """
    g (float[N] x) => (float[N] y) {
      three = Constant<value=float {3}>()
      six = Constant<value=float {6}>()
      sixth = Constant<value=float {0.16666667}>()
      %s
    }
    """
        .formatted(body);
  }

  @Test
  void recognizesQuotientAndProduct() {
    String after =
        "g (float[N] x) => (float[N] y) {"
            + " y = HardSigmoid<alpha=0.16666666666666666, beta=0.5>(x) }";
    rule(new FuseHardSigmoid())
        .given(graph("a = Add(x, three) b = Clip<beta=6>(a) y = Div(b, six)"))
        .becomes(after);
    rule(new FuseHardSigmoid())
        .given(graph("a = Add(three, x) b = Clip<beta=6>(a) y = Mul(sixth, b)"))
        .becomes(after);
  }

  @Test
  void refusesOtherLimits() {
    rule(new FuseHardSigmoid())
        .given(graph("a = Add(x, three) b = Clip<beta=5>(a) y = Div(b, six)"))
        .isRejected("is not clipped to 0 and 6");
  }

  @Test
  void refusesAnotherOffset() {
    rule(new FuseHardSigmoid())
        .given(graph("a = Add(x, six) b = Clip<beta=6>(a) y = Div(b, six)"))
        .isRejected("is not the constant 3.0");
  }

  @Test
  void refusesALimitedValueThatOthersRead() {
    rule(new FuseHardSigmoid())
        .given(graph("a = Add(x, three) b = Clip<beta=6>(a) c = Div(b, six) y = Sub(c, b)"))
        .isRejected("is read elsewhere too");
  }
}
