package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SimplifyReshapesTest {
  @Test
  void dropsAReshapeToTheSameShape() {
    rule(new SimplifyReshapes())
        .given(
            """
            g (float[N,4] x) => (float[N,4] y) {
              s = Constant<value=int64[2] {-1, 4}>()
              r = Reshape(x, s)
              y = Exp(r)
            }
            """)
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Exp(x) }");
  }

  @Test
  void dropsAWayForthAndBack() {
    rule(new SimplifyReshapes())
        .given(
            """
            g (float[N,4] x) => (float[N,4] y) {
              u = Unsqueeze<axes=[1]>(x)
              q = Squeeze<axes=[1]>(u)
              y = Exp(q)
            }
            """)
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Exp(x) }");
  }

  @Test
  void mergesAChainIntoOneReshapeToAConstantShape() {
    rule(new SimplifyReshapes())
        .given(
            """
            g (float[N,4] x) => (float[N,2,1,2] y) {
              s = Constant<value=int64[3] {-1, 2, 2}>()
              r = Reshape(x, s)
              y = Unsqueeze<axes=[2]>(r)
            }
            """)
        .becomes(
            """
            g (float[N,4] x) => (float[N,2,1,2] y) {
              s = Constant<value=int64[4] {0, 2, 1, 2}>()
              y = Reshape<copy_zeros=true>(x, s)
            }
            """);
  }

  @Test
  void infersOneSizeWhereAllOthersAreNumbers() {
    rule(new SimplifyReshapes())
        .given(
            """
            g (float[N,S,4] x) => (float[N*S,4] y) {
              s = Sizes<dims=[N*S,4]>()
              y = Reshape(x, s)
            }
            """)
        .becomes(
            """
            g (float[N,S,4] x) => (float[N*S,4] y) {
              s = Constant<value=int64[2] {-1, 4}>()
              y = Reshape(x, s)
            }
            """);
  }

  @Test
  void doesNotInferASizeBesideOneThatMayBeZero() {
    rule(new SimplifyReshapes())
        .given(
            """
            g (float[N,2,S] x) => (float[N,S,2] y) {
              s = Sizes<dims=[N,S,2]>()
              y = Reshape(x, s)
            }
            """)
        .withSize("N", 0)
        .isUnchanged();
  }

  @Test
  void leavesShapesThatDependOnData() {
    rule(new SimplifyReshapes())
        .given("g (float[4] x, int64[2] s) => (float[?,?] y) { y = Reshape(x, s) }")
        .withInput("s", 2, 2)
        .isUnchanged();
  }

  @Test
  void insertsAndDropsAxesWithoutSizes() {
    rule(new SimplifyReshapes())
        .given(
            """
            g (float[N,S] x, float[N,1,S] z) => (float[N,1,1,S] y, float[N,S] w) {
              s = Sizes<dims=[N,1,1,S]>()
              y = Reshape(x, s)
              t = Sizes<dims=[N,S]>()
              w = Reshape(z, t)
            }
            """)
        .becomes(
            """
            g (float[N,S] x, float[N,1,S] z) => (float[N,1,1,S] y, float[N,S] w) {
              y = Unsqueeze<axes=[1,2]>(x)
              w = Squeeze<axes=[1]>(z)
            }
            """);
  }
}
