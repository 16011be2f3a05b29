package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class FuseConvActivationTest {
  private static final String HEAD = "g (float[N,1,3] x) => (float[N,2,3] y";

  private static String graph(String body) {
    return HEAD
        + """
        %s
          w = Constant<value=float[2,1,1] {1, 2}>()
          b = Constant<value=float[2] {1, -1}>()
          %s
        }
        """
            .formatted(body.contains("also = ") ? ", float[N,2,3] also) {" : ") {", body);
  }

  @Test
  void computesTheActivationWithTheConvolution() {
    rule(new FuseConvActivation())
        .given(graph("c = Conv(x, w, b) y = LeakyRelu<alpha=0.5>(c)"))
        .becomes(graph("y = Conv<activation=leaky_relu, alpha=0.5>(x, w, b)"));
  }

  @Test
  void refusesAConvolutionThatHasOne() {
    rule(new FuseConvActivation())
        .given(graph("c = Conv<activation=relu>(x, w) y = Tanh(c)"))
        .isRejected("is not a plain convolution");
  }

  @Test
  void refusesAConvolutionThatOthersRead() {
    rule(new FuseConvActivation())
        .given(graph("c = Conv(x, w, b) y = Relu(c) also = Neg(c)"))
        .isRejected("is read elsewhere too");
  }

  @Test
  void refusesOtherOperations() {
    rule(new FuseConvActivation())
        .given(graph("c = Add(x, x) d = Conv(c, w) e = Exp(d) y = Relu(e)"))
        .isUnchanged();
  }

  @Test
  void keepsFactorsBehindTheActivation() {
    rule(new FuseConvScale())
        .given(
            graph(
                """
                two = Constant<value=float {2}>()
                c = Conv<activation=relu>(x, w)
                y = Mul(c, two)
                """))
        .isUnchanged();
  }
}
