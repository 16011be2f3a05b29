package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class MoveShufflesTest {
  @Test
  void multipliesWithoutMergingLeadingAxes() {
    rule(new MoveShuffles())
        .given(
            """
            g (float[N,S,2] x) => (float[N,S,3] y) {
              w = Constant<value=float[2,3] {1, 2, 3, 4, 5, 6}>()
              b = Constant<value=float[3] {1, 2, 3}>()
              flat = Constant<value=int64[2] {-1, 2}>()
              apart = Sizes<dims=[N,S,3]>()
              rows = Reshape(x, flat)
              product = MatMul(rows, w)
              sum = Add(product, b)
              gate = Relu(sum)
              y = Reshape(gate, apart)
            }
            """)
        .becomes(
            """
            g (float[N,S,2] x) => (float[N,S,3] y) {
              w = Constant<value=float[2,3] {1, 2, 3, 4, 5, 6}>()
              b = Constant<value=float[3] {1, 2, 3}>()
              product = MatMul(x, w)
              sum = Add(product, b)
              y = Relu(sum)
            }
            """);
  }

  @Test
  void movesWhatFollowsInFrontWhereTheLastAxisIsMerged() {
    rule(new MoveShuffles())
        .given(
            """
            g (float[N,2,S,2] x) => (float[S,N,3] y) {
              w = Constant<value=float[4,3] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}>()
              heads = Constant<value=int64[3] {0, 0, 4}>()
              t = Transpose<permutation=[0,2,1,3]>(x)
              rows = Reshape<copy_zeros=true>(t, heads)
              product = MatMul(rows, w)
              y = Transpose<permutation=[1,0,2]>(product)
            }
            """)
        .becomes(
            """
            g (float[N,2,S,2] x) => (float[S,N,3] y) {
              w = Constant<value=float[4,3] {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}>()
              heads = Constant<value=int64[3] {0, 0, 4}>()
              t = Transpose<permutation=[2,0,1,3]>(x)
              rows = Reshape<copy_zeros=true>(t, heads)
              y = MatMul(rows, w)
            }
            """);
  }

  @Test
  void movesTheLastAxisThroughWhatDoesNotLookAtIt() {
    rule(new MoveShuffles())
        .given(
            """
            g (float[N,2,3] x) => (float[N,2,3] y) {
              a = Transpose<permutation=[0,2,1]>(x)
              b = Tanh(a)
              y = Transpose<permutation=[0,2,1]>(b)
            }
            """)
        .becomes("g (float[N,2,3] x) => (float[N,2,3] y) { y = Tanh(x) }");
  }

  @Test
  void normalizesWithoutMergingLeadingAxes() {
    rule(new MoveShuffles())
        .given(
            """
            g (float[N,S,2] x) => (float[N,S,2] y) {
              w = Constant<value=float[2] {1, 2}>()
              flat = Constant<value=int64[2] {-1, 2}>()
              apart = Sizes<dims=[N,S,2]>()
              rows = Reshape(x, flat)
              norm = LayerNorm<axis=1, epsilon=0.001>(rows, w)
              y = Reshape(norm, apart)
            }
            """)
        .becomes(
            """
            g (float[N,S,2] x) => (float[N,S,2] y) {
              w = Constant<value=float[2] {1, 2}>()
              y = LayerNorm<axis=2, epsilon=0.001>(x, w)
            }
            """);
  }

  @Test
  void leavesALastAxisThatTheProductNeeds() {
    rule(new MoveShuffles())
        .given(
            """
            g (float[N,3,2] x) => (float[N,3,2] y) {
              w = Constant<value=float[3,3] {1, 2, 3, 4, 5, 6, 7, 8, 9}>()
              a = Transpose<permutation=[0,2,1]>(x)
              b = MatMul(a, w)
              y = Transpose<permutation=[0,2,1]>(b)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesWhatOthersRead() {
    rule(new MoveShuffles())
        .given(
            """
            g (float[N,2,3] x) => (float[N,2,3] y, float[N,3,2] b) {
              a = Transpose<permutation=[0,2,1]>(x)
              b = Tanh(a)
              y = Transpose<permutation=[0,2,1]>(b)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesAConstantOverOtherAxes() {
    rule(new MoveShuffles())
        .given(
            """
            g (float[N,2,3] x) => (float[N,2,3] y) {
              c = Constant<value=float[3,1] {1, 2, 3}>()
              a = Transpose<permutation=[0,2,1]>(x)
              b = Add(a, c)
              y = Transpose<permutation=[0,2,1]>(b)
            }
            """)
        .isUnchanged();
  }
}
