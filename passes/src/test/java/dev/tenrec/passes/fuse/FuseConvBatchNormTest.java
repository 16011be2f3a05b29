package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import org.junit.jupiter.api.Test;

class FuseConvBatchNormTest {
  private static final String HEAD = "g (float[N,1,5] x, float[2] v) => (float[N,2,M] y) ";

  private static String graph(String body) {
    return HEAD
        + """
        {
          w = Constant<value=float[2,1,1] {1, 2}>()
          u = Constant<value=float[1,2,1] {1, 2}>()
          c = Constant<value=float[2] {1, -1}>()
          scale = Constant<value=float[2] {2, 3}>()
          bias = Constant<value=float[2] {5, 7}>()
          mean = Constant<value=float[2] {4, 8}>()
          variance = Constant<value=float[2] {3, 0}>()
          %s
        }
        """
            .formatted(body);
  }

  private static String result(String weights, String bias, String convolution) {
    return HEAD
        + """
        {
          w = Constant<value=%s>()
          b = Constant<value=%s>()
          y = %s(x, w, b)
        }
        """
            .formatted(weights, bias, convolution);
  }

  @Test
  void takesTheNormalizationIntoWeightsAndBias() {
    rule(new FuseConvBatchNorm())
        .then(new FoldConstants())
        .given(graph("a = Conv(x, w, c) y = BatchNorm<epsilon=1>(a, scale, bias, mean, variance)"))
        .becomes(result("float[2,1,1] {1, 6}", "float[2] {2, -20}", "Conv"));
  }

  @Test
  void givesABiasToAConvolutionWithoutOne() {
    rule(new FuseConvBatchNorm())
        .then(new FoldConstants())
        .given(graph("a = Conv(x, w) y = BatchNorm<epsilon=1>(a, scale, bias, mean, variance)"))
        .becomes(result("float[2,1,1] {1, 6}", "float[2] {1, -17}", "Conv"));
  }

  @Test
  void findsTheOutputChannelsOfATransposedConvolution() {
    rule(new FuseConvBatchNorm())
        .then(new FoldConstants())
        .given(
            graph(
                "a = ConvTranspose(x, u) y = BatchNorm<epsilon=1>(a, scale, bias, mean, variance)"))
        .becomes(result("float[1,2,1] {1, 6}", "float[2] {1, -17}", "ConvTranspose"));
  }

  @Test
  void refusesComputedWeights() {
    rule(new FuseConvBatchNorm())
        .given(
            """
            g (float[N,1,5] x, float[2,1,1] w) => (float[N,2,5] y) {
              s = Constant<value=float[2] {2, 3}>()
              a = Conv(x, w)
              y = BatchNorm<epsilon=1>(a, s, s, s, s)
            }
            """)
        .isRejected("is a convolution without constant weights");
  }

  @Test
  void refusesComputedStatistics() {
    rule(new FuseConvBatchNorm())
        .given(graph("a = Conv(x, w) y = BatchNorm<epsilon=1>(a, scale, bias, v, variance)"))
        .isRejected("is not a constant");
  }

  @Test
  void refusesAConvolutionThatOthersRead() {
    rule(new FuseConvBatchNorm())
        .given(
            graph(
                "a = Conv(x, w) n = BatchNorm<epsilon=1>(a, scale, bias, mean, variance)"
                    + " y = Add(n, a)"))
        .isRejected("is read elsewhere too");
  }

  @Test
  void refusesATransposedConvolutionOfSeveralGroups() {
    rule(new FuseConvBatchNorm())
        .given(
            """
            g (float[N,2,5] x) => (float[N,2,M] y) {
              w = Constant<value=float[2,1,1] {1, 2}>()
              s = Constant<value=float[2] {2, 3}>()
              a = ConvTranspose<groups=2>(x, w)
              y = BatchNorm<epsilon=1>(a, s, s, s, s)
            }
            """)
        .isRejected("a transposed one of several groups");
  }
}
