package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import org.junit.jupiter.api.Test;

class FuseMatMulScaleTest {
  private static final String HEAD = "g (float[N,3,2] x) => (float[N,3,2] y) ";

  private static String graph(String body) {
    return HEAD
        + """
        {
          w = Constant<value=float[2,2] {1, 2, 3, 4}>()
          b = Constant<value=float[2] {1, -1}>()
          k = Constant<value=float[1,2] {2, 4}>()
          half = Constant<value=float {0.5}>()
          rows = Constant<value=float[3,1] {1, 2, 3}>()
          %s
        }
        """
            .formatted(body);
  }

  @Test
  void takesAFactorPerColumnIntoWeightsAndBias() {
    rule(new FuseMatMulScale())
        .then(new FoldConstants())
        .given(graph("p = MatMul(x, w) s = Add(p, b) y = Mul(s, k)"))
        .becomes(
            HEAD
                + """
                {
                  w = Constant<value=float[2,2] {2, 8, 6, 16}>()
                  b = Constant<value=float[1,2] {2, -4}>()
                  p = MatMul(x, w)
                  y = Add(p, b)
                }
                """);
  }

  @Test
  void dividesTheRowsOfATransposedMatrix() {
    rule(new FuseMatMulScale())
        .then(new FoldConstants())
        .given(graph("p = MatMul<transpose_b=true>(x, w) y = Div(p, k)"))
        .becomes(
            HEAD
                + """
                {
                  w = Constant<value=float[2,2] {0.5, 1, 0.75, 1}>()
                  y = MatMul<transpose_b=true>(x, w)
                }
                """);
  }

  @Test
  void takesAScalarFactor() {
    rule(new FuseMatMulScale())
        .then(new FoldConstants())
        .given(graph("p = MatMul(x, w) y = Mul(half, p)"))
        .becomes(
            HEAD
                + """
                {
                  w = Constant<value=float[2,2] {0.5, 1, 1.5, 2}>()
                  y = MatMul(x, w)
                }
                """);
  }

  @Test
  void refusesAFactorPerRow() {
    rule(new FuseMatMulScale())
        .given(graph("p = MatMul(x, w) y = Mul(p, rows)"))
        .isRejected("depends on more than the column");
  }

  @Test
  void refusesWeightsThatAreNoConstants() {
    rule(new FuseMatMulScale())
        .given(
            """
            g (float[N,2] x, float[2,2] v) => (float[N,2] y) {
              half = Constant<value=float {0.5}>()
              p = MatMul(x, v)
              y = Mul(p, half)
            }
            """)
        .isRejected("is not a constant");
  }

  @Test
  void refusesAProductThatOthersRead() {
    rule(new FuseMatMulScale())
        .given(graph("p = MatMul(x, w) q = Mul(p, k) y = Add(p, q)"))
        .isRejected("is read elsewhere too");
  }

  @Test
  void refusesToDivideAConstant() {
    rule(new FuseMatMulScale()).given(graph("p = MatMul(x, w) y = Div(k, p)")).isUnchanged();
  }

  @Test
  void refusesAFactorThatBroadcastsTheProduct() {
    rule(new FuseMatMulScale())
        .given(
            """
            g (float[3,2] x) => (float[1,3,2] y) {
              w = Constant<value=float[2,2] {1, 2, 3, 4}>()
              k = Constant<value=float[1,1,2] {2, 4}>()
              p = MatMul(x, w)
              y = Mul(p, k)
            }
            """)
        .isRejected("is broadcast to another shape");
  }
}
