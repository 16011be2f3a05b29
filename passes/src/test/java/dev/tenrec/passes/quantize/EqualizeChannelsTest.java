package dev.tenrec.passes.quantize;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class EqualizeChannelsTest {
  /** 4 and 1 become 2 and 2, 1 and 9 become 3 and 3. */
  @Test
  void weightsOnBothSidesBecomeAlike() {
    rule(new EqualizeChannels())
        .given(
            """
            g (float[N,1,3] x) => (float[N,1,3] y) {
              w = Constant<value=float[2,1,1] {4, -1}>()
              b = Constant<value=float[2] {2, 3}>()
              a = Conv<activation=relu>(x, w, b)
              v = Constant<value=float[1,2,1] {1, -9}>()
              y = Conv(a, v)
            }
            """)
        .becomes(
            """
            g (float[N,1,3] x) => (float[N,1,3] y) {
              w = Constant<value=float[2,1,1] {2, -3}>()
              b = Constant<value=float[2] {1, 9}>()
              a = Conv<activation=relu>(x, w, b)
              v = Constant<value=float[1,2,1] {2, -3}>()
              y = Conv(a, v)
            }
            """);
  }

  @Test
  void depthwiseConvolutionsHaveTheirChannelsInFront() {
    rule(new EqualizeChannels())
        .given(
            """
            g (float[N,1,3] x) => (float[N,2,3] y) {
              w = Constant<value=float[2,1,1] {4, -1}>()
              a = Conv(x, w)
              v = Constant<value=float[2,1,1] {1, -9}>()
              y = Conv<groups=2>(a, v)
            }
            """)
        .becomes(
            """
            g (float[N,1,3] x) => (float[N,2,3] y) {
              w = Constant<value=float[2,1,1] {2, -3}>()
              a = Conv(x, w)
              v = Constant<value=float[2,1,1] {2, -3}>()
              y = Conv<groups=2>(a, v)
            }
            """);
  }

  @Test
  void channelsWithoutWeightsStay() {
    rule(new EqualizeChannels())
        .given(
            """
            g (float[N,1,3] x) => (float[N,1,3] y) {
              w = Constant<value=float[2,1,1] {4, 0}>()
              a = Conv(x, w)
              v = Constant<value=float[1,2,1] {4, 9}>()
              y = Conv(a, v)
            }
            """)
        .isUnchanged();
  }

  @Test
  void otherActivationsDoNotScale() {
    rule(new EqualizeChannels())
        .given(
            """
            g (float[N,1,3] x) => (float[N,1,3] y) {
              w = Constant<value=float[2,1,1] {4, -1}>()
              a = Conv<activation=sigmoid>(x, w)
              v = Constant<value=float[1,2,1] {1, -9}>()
              y = Conv(a, v)
            }
            """)
        .isUnchanged();
  }

  @Test
  void othersMayReadWhatLiesBetween() {
    rule(new EqualizeChannels())
        .given(
            """
            g (float[N,1,3] x) => (float[N,1,3] y, float[N,2,3] a) {
              w = Constant<value=float[2,1,1] {4, -1}>()
              a = Conv(x, w)
              v = Constant<value=float[1,2,1] {1, -9}>()
              y = Conv(a, v)
            }
            """)
        .isUnchanged();
  }
}
