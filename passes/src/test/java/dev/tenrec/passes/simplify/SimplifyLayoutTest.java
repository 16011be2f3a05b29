package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SimplifyLayoutTest {
  @Test
  void keepsAChannelsLastBlockInOneLayout() {
    rule(new SimplifyLayout())
        .given(
            """
            g (float[N,2,4,4] x) => (float[N,4,4,2] y) {
              w = Constant<value=float[2,2] {1, 2, 3, 4}>()
              c = Constant<value=float[2,1,1] {2, 3}>()
              a = Transpose<permutation=[0,2,3,1]>(x)
              b = MatMul(a, w)
              t = Transpose<permutation=[0,3,1,2]>(b)
              scaled = Mul(t, c)
              back = Transpose<permutation=[0,2,3,1]>(scaled)
              y = GeluErf(back)
            }
            """)
        .becomes(
            """
            g (float[N,2,4,4] x) => (float[N,4,4,2] y) {
              w = Constant<value=float[2,2] {2, 6, 6, 12}>()
              a = Transpose<permutation=[0,2,3,1]>(x)
              b = MatMul(a, w)
              y = GeluErf(b)
            }
            """);
  }

  @Test
  void leavesOneTransposeAlone() {
    rule(new SimplifyLayout())
        .given("g (float[N,2] x) => (float[2,N] y) { y = Transpose<permutation=[1,0]>(x) }")
        .isUnchanged();
  }
}
