package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SimplifyTransposesTest {
  @Test
  void dropsATransposeThatKeepsTheOrder() {
    rule(new SimplifyTransposes())
        .given(
            "g (float[N,4] x) => (float[N,4] y) { t = Transpose<permutation=[0,1]>(x) y = Exp(t) }")
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Exp(x) }");
  }

  @Test
  void mergesTwoTransposes() {
    rule(new SimplifyTransposes())
        .given(
            """
            g (float[A,B,C,D] x) => (float[C,B,D,A] y) {
              t = Transpose<permutation=[1,2,3,0]>(x)
              y = Transpose<permutation=[1,0,2,3]>(t)
            }
            """)
        .becomes(
            """
            g (float[A,B,C,D] x) => (float[C,B,D,A] y) {
              y = Transpose<permutation=[2,1,3,0]>(x)
            }
            """);
  }

  @Test
  void turnsATransposeOfAxesOfSizeOneIntoAReshape() {
    rule(new SimplifyTransposes())
        .given(
            """
            g (float[N,1,4] x) => (float[N,4,1] y) { y = Transpose<permutation=[0,2,1]>(x) }
            """)
        .becomes(
            """
            g (float[N,1,4] x) => (float[N,4,1] y) {
              s = Constant<value=int64[3] {0, 4, 1}>()
              y = Reshape<copy_zeros=true>(x, s)
            }
            """);
  }

  @Test
  void leavesOtherTransposes() {
    rule(new SimplifyTransposes())
        .given("g (float[N,4] x) => (float[4,N] y) { y = Transpose<permutation=[1,0]>(x) }")
        .isUnchanged();
  }

  @Test
  void leavesApartWhatIsOnlyMergedForATranspose() {
    rule(new SimplifyTransposes())
        .given(
            """
            g (float[N,4,S,8] x) => (float[N,4,8,S] y) {
              a = Sizes<dims=[4*N,S,8]>()
              b = Sizes<dims=[N,4,8,S]>()
              merged = Reshape(x, a)
              turned = Transpose<permutation=[0,2,1]>(merged)
              y = Reshape(turned, b)
            }
            """)
        .becomes(
            """
            g (float[N,4,S,8] x) => (float[N,4,8,S] y) {
              y = Transpose<permutation=[0,1,3,2]>(x)
            }
            """);
  }

  @Test
  void leavesAReshapeThatSplitsAnotherAxis() {
    rule(new SimplifyTransposes())
        .given(
            """
            g (float[N,4,S,8] x) => (float[4*N,2,4,S] y) {
              a = Sizes<dims=[4*N,S,8]>()
              b = Sizes<dims=[4*N,2,4,S]>()
              merged = Reshape(x, a)
              turned = Transpose<permutation=[0,2,1]>(merged)
              y = Reshape(turned, b)
            }
            """)
        .isUnchanged();
  }
}
