package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SimplifySlicesTest {
  @Test
  void dropsASliceOfEverything() {
    rule(new SimplifySlices())
        .given(
            """
            g (float[N,4] x) => (float[N,4] y) {
              a = Constant<value=int64[2] {0, 0}>()
              b = Sizes<dims=[N,9]>()
              s = Slice<axes=[0,1]>(x, a, b)
              y = Exp(s)
            }
            """)
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Exp(x) }");
  }

  @Test
  void leavesASliceThatTurnsTheOrderAround() {
    rule(new SimplifySlices())
        .given(
            """
            g (float[4] x) => (float[4] y) {
              a = Constant<value=int64[1] {-1}>()
              b = Constant<value=int64[1] {-9}>()
              y = Slice<axes=[0], steps=[-1]>(x, a, b)
            }
            """)
        .isUnchanged();
  }

  @Test
  void endsASliceUpToTheEndAtAConstant() {
    rule(new SimplifySlices())
        .given(
            """
            g (float[N,4] x) => (float[?,4] y) {
              a = Constant<value=int64[1] {1}>()
              b = Sizes<dims=[N]>()
              y = Slice<axes=[0]>(x, a, b)
            }
            """)
        .becomes(
            """
            g (float[N,4] x) => (float[?,4] y) {
              a = Constant<value=int64[1] {1}>()
              b = Constant<value=int64[1] {9223372036854775807}>()
              y = Slice<axes=[0]>(x, a, b)
            }
            """);
  }

  @Test
  void dropsPaddingByNothing() {
    rule(new SimplifySlices())
        .given(
            """
            g (float[N,4] x) => (float[N,4] y) {
              p = Constant<value=int64[4] {0, 0, 0, 0}>()
              z = Constant<value=float {0}>()
              a = Pad(x, p, z)
              y = Exp(a)
            }
            """)
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Exp(x) }");
  }

  @Test
  void dropsAConcatenationOfOne() {
    rule(new SimplifySlices())
        .given("g (float[N,4] x) => (float[N,4] y) { c = Concat<axis=0>(x) y = Exp(c) }")
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Exp(x) }");
  }

  @Test
  void flattensConcatenationsAndDropsEmptyOperands() {
    rule(new SimplifySlices())
        .given(
            """
            g (float[2] a, float[0] b, float[3] c) => (float[7] y) {
              i = Concat<axis=0>(a, b)
              y = Concat<axis=0>(i, c, a)
            }
            """)
        .becomes(
            """
            g (float[2] a, float[0] b, float[3] c) => (float[7] y) { y = Concat<axis=0>(a, c, a) }
            """);
  }

  @Test
  void leavesAConcatenationThatOthersRead() {
    rule(new SimplifySlices())
        .given(
            """
            g (float[2] a, float[3] c) => (float[4] i, float[7] y) {
              i = Concat<axis=0>(a, a)
              y = Concat<axis=0>(i, c)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesConcatenationsAlongDifferentAxes() {
    rule(new SimplifySlices())
        .given(
            """
            g (float[2,2] a, float[2,4] c) => (float[4,4] y) {
              i = Concat<axis=1>(a, a)
              y = Concat<axis=0>(i, c)
            }
            """)
        .isUnchanged();
  }
}
