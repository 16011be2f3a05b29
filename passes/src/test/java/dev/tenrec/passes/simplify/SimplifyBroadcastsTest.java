package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SimplifyBroadcastsTest {
  @Test
  void dropsAnExpandThatChangesNothing() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[N,4] x) => (float[N,4] y) {
              s = Constant<value=int64[2] {1, 4}>()
              e = Expand(x, s)
              y = Exp(e)
            }
            """)
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Exp(x) }");
  }

  @Test
  void dropsATileByOne() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[N,4] x) => (float[N,4] y) {
              s = Constant<value=int64[2] {1, 1}>()
              e = Tile(x, s)
              y = Exp(e)
            }
            """)
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Exp(x) }");
  }

  @Test
  void dropsAnExpandBeforeAnOperationThatBroadcasts() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[1,4] x, float[N,4] z) => (float[N,4] y) {
              s = Sizes<dims=[N,4]>()
              e = Expand(x, s)
              y = Add(e, z)
            }
            """)
        .becomes("g (float[1,4] x, float[N,4] z) => (float[N,4] y) { y = Add(x, z) }");
  }

  @Test
  void computesBeforeItExpands() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[1,4] x, float[4] z) => (float[3,4] y) {
              s = Constant<value=int64[2] {3, 4}>()
              e = Expand(x, s)
              a = Add(e, z)
              y = Exp(a)
            }
            """)
        .becomes(
            """
            g (float[1,4] x, float[4] z) => (float[3,4] y) {
              a = Add(x, z)
              e = Exp(a)
              s = Constant<value=int64[2] {3, 1}>()
              y = Expand(e, s)
            }
            """);
  }

  @Test
  void leavesAnExpandThatOthersRead() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[1,4] x, float[4] z) => (float[3,4] y, float[3,4] e) {
              s = Constant<value=int64[2] {3, 1}>()
              e = Expand(x, s)
              y = Add(e, z)
            }
            """)
        .isUnchanged();
  }

  @Test
  void mergesExpands() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[1,1,S] x) => (float[2,3,S] y) {
              s = Constant<value=int64[3] {1, 3, 1}>()
              t = Constant<value=int64[3] {2, 1, 1}>()
              e = Expand(x, s)
              y = Expand(e, t)
            }
            """)
        .becomes(
            """
            g (float[1,1,S] x) => (float[2,3,S] y) {
              s = Constant<value=int64[3] {2, 3, 1}>()
              y = Expand(x, s)
            }
            """);
  }

  @Test
  void dropsAnExpandOfTheBatchOfAMatrixProduct() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[1,2,3] x, float[N,3,2] z) => (float[N,2,2] y) {
              s = Sizes<dims=[N,2,3]>()
              e = Expand(x, s)
              y = MatMul(e, z)
            }
            """)
        .becomes("g (float[1,2,3] x, float[N,3,2] z) => (float[N,2,2] y) { y = MatMul(x, z) }");
  }

  @Test
  void leavesAnExpandOfAMatrix() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[2,1] x, float[K,2] z) => (float[2,2] y) {
              s = Sizes<dims=[2,K]>()
              e = Expand(x, s)
              y = MatMul(e, z)
            }
            """)
        .isUnchanged();
  }

  @Test
  void expandsToAConstantWhereOpenSizesStay() {
    rule(new SimplifyBroadcasts())
        .given(
            """
            g (float[N,1,S] x) => (float[N,3,S] y) {
              s = Sizes<dims=[N,3,S]>()
              y = Expand(x, s)
            }
            """)
        .becomes(
            """
            g (float[N,1,S] x) => (float[N,3,S] y) {
              s = Constant<value=int64[3] {1, 3, 1}>()
              y = Expand(x, s)
            }
            """);
  }
}
