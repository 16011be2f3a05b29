package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SimplifyMatMulsTest {
  @Test
  void takesTransposesOfOperandsIntoFlags() {
    rule(new SimplifyMatMuls())
        .given(
            """
            g (float[N,3,2] a, float[N,4,3] b) => (float[N,2,4] y) {
              s = Transpose<permutation=[0,2,1]>(a)
              t = Transpose<permutation=[0,2,1]>(b)
              y = MatMul(s, t)
            }
            """)
        .becomes(
            """
            g (float[N,3,2] a, float[N,4,3] b) => (float[N,2,4] y) {
              y = MatMul<transpose_a=true, transpose_b=true>(a, b)
            }
            """);
  }

  @Test
  void takesBackAFlag() {
    rule(new SimplifyMatMuls())
        .given(
            """
            g (float[2,3] a, float[3,4] b) => (float[2,4] y) {
              t = Transpose<permutation=[1,0]>(b)
              y = MatMul<transpose_b=true>(a, t)
            }
            """)
        .becomes("g (float[2,3] a, float[3,4] b) => (float[2,4] y) { y = MatMul(a, b) }");
  }

  @Test
  void swapsTheOperandsOfATransposedProduct() {
    rule(new SimplifyMatMuls())
        .given(
            """
            g (float[N,2,3] a, float[3,4] b) => (float[N,4,2] y) {
              p = MatMul(a, b)
              y = Transpose<permutation=[0,2,1]>(p)
            }
            """)
        .becomes(
            """
            g (float[N,2,3] a, float[3,4] b) => (float[N,4,2] y) {
              y = MatMul<transpose_a=true, transpose_b=true>(b, a)
            }
            """);
  }

  @Test
  void leavesAProductThatOthersRead() {
    rule(new SimplifyMatMuls())
        .given(
            """
            g (float[2,3] a, float[3,4] b) => (float[2,4] p, float[4,2] y) {
              p = MatMul(a, b)
              y = Transpose<permutation=[1,0]>(p)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesTransposesOfOtherAxes() {
    rule(new SimplifyMatMuls())
        .given(
            """
            g (float[2,2,2] a, float[2,2] b) => (float[2,2,2] y) {
              t = Transpose<permutation=[1,0,2]>(a)
              y = MatMul(t, b)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesTheLastAxisLast() {
    rule(new SimplifyMatMuls())
        .given(
            """
            g (float[N,2,3] a, float[N,4,2,3] k) => (float[N,2,2,4] y) {
              t = Transpose<permutation=[0,2,3,1]>(k)
              one = Unsqueeze<axes=[1]>(a)
              y = MatMul(one, t)
            }
            """)
        .becomes(
            """
            g (float[N,2,3] a, float[N,4,2,3] k) => (float[N,2,2,4] y) {
              t = Transpose<permutation=[0,2,1,3]>(k)
              one = Unsqueeze<axes=[1]>(a)
              y = MatMul<transpose_b=true>(one, t)
            }
            """);
  }

  @Test
  void scalesOneOperandInsteadOfBoth() {
    rule(new SimplifyMatMuls())
        .then(new FoldConstants())
        .given(
            """
            g (float[2,3] a, float[3,4] b) => (float[2,4] y) {
              half = Constant<value=float {0.5}>()
              s = Mul(a, half)
              t = Mul(b, half)
              y = MatMul(s, t)
            }
            """)
        .becomes(
            """
            g (float[2,3] a, float[3,4] b) => (float[2,4] y) {
              quarter = Constant<value=float {0.25}>()
              s = Mul(a, quarter)
              y = MatMul(s, b)
            }
            """);
  }

  @Test
  void leavesAScaledOperandThatOthersRead() {
    rule(new SimplifyMatMuls())
        .given(
            """
            g (float[2,3] a, float[3,4] b) => (float[2,4] y, float[3,4] t) {
              half = Constant<value=float {0.5}>()
              s = Mul(a, half)
              t = Mul(b, half)
              y = MatMul(s, t)
            }
            """)
        .isUnchanged();
  }
}
