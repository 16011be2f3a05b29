package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FuseAttentionTest {
  static final String INPUTS =
      "g (float[B,2,S,4] q, float[B,2,T,4] k, float[B,2,T,3] v, float[S,T] m, bool[B,1,S,T] c) => ";

  static RuleTester.Given given(String nodes) {
    return rule(new FuseAttention())
        .given(
            INPUTS
                + "(float[B,2,S,3] y) { half = Constant<value=float {0.5}>()"
                + " two = Constant<value=float {2}>() zero = Constant<value=float {0}>() "
                + nodes
                + " }");
  }

  static String attention(String operation) {
    return INPUTS + "(float[B,2,S,3] y) { " + operation + " }";
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "s = MatMul<transpose_b=true>(q, k) | 1",
        "p = MatMul<transpose_b=true>(q, k) s = Mul(p, half) | 0.5",
        "p = MatMul<transpose_b=true>(q, k) s = Div(p, two) | 0.5"
      })
  void recognizesItWithScales(String scores, double scale) {
    given(scores + " w = Softmax<axis=3>(s) y = MatMul(w, v)")
        .becomes(attention("y = ScaledDotProduct<scale=" + scale + ">(q, k, v)"));
  }

  @Test
  void recognizesKeysAndValuesThatLieAcross() {
    rule(new FuseAttention())
        .given(
            """
            g (float[B,2,S,4] q, float[B,2,4,T] k, float[B,2,3,T] v) => (float[B,2,S,3] y) {
              p = MatMul(q, k)
              w = Softmax<axis=3>(p)
              y = MatMul<transpose_b=true>(w, v)
            }
            """)
        .becomes(
            """
            g (float[B,2,S,4] q, float[B,2,4,T] k, float[B,2,3,T] v) => (float[B,2,S,3] y) {
              kt = Transpose<permutation=[0,1,3,2]>(k)
              vt = Transpose<permutation=[0,1,3,2]>(v)
              y = ScaledDotProduct(q, kt, vt)
            }
            """);
  }

  @Test
  void leavesValuesOfAnotherTypeAlone() {
    given(
            """
            narrow_q = Cast<to=float16>(q)
            narrow_k = Cast<to=float16>(k)
            p = MatMul<transpose_b=true>(narrow_q, narrow_k)
            s = Cast<to=float>(p)
            w = Softmax<axis=3>(s)
            y = MatMul(w, v)
            """)
        .isUnchanged();
  }

  @Test
  void capsScores() {
    given(
            """
            p = MatMul<transpose_b=true>(q, k)
            s = Mul(p, half)
            d = Div(s, two)
            t = Tanh(d)
            a = Mul(t, two)
            w = Softmax<axis=3>(a)
            y = MatMul(w, v)
            """)
        .becomes(attention("y = ScaledDotProduct<scale=0.5, soft_cap=2>(q, k, v)"));
  }

  @Test
  void takesStacksOfMatricesForOneHead() {
    rule(new FuseAttention())
        .given(
            """
            g (float[B,S,4] q, float[B,T,4] k, float[B,T,3] v, float[B,1,T] m) => (float[B,S,3] y) {
              p = MatMul<transpose_b=true>(q, k)
              a = Add(p, m)
              w = Softmax<axis=2>(a)
              y = MatMul(w, v)
            }
            """)
        .becomes(
            """
            g (float[B,S,4] q, float[B,T,4] k, float[B,T,3] v, float[B,1,T] m) => (float[B,S,3] y) {
              q4 = Unsqueeze<axes=[1]>(q)
              k4 = Unsqueeze<axes=[1]>(k)
              v4 = Unsqueeze<axes=[1]>(v)
              m4 = Unsqueeze<axes=[1]>(m)
              y4 = ScaledDotProduct(q4, k4, v4, m4)
              y = Squeeze<axes=[1]>(y4)
            }
            """);
  }

  @Test
  void sharesASingleHead() {
    rule(new FuseAttention())
        .given(
            """
            g (float[B,2,S,4] q, float[B,1,T,4] k) => (float[B,2,S,4] y) {
              p = MatMul<transpose_b=true>(q, k)
              w = Softmax<axis=3>(p)
              y = MatMul(w, k)
            }
            """)
        .becomes(
            "g (float[B,2,S,4] q, float[B,1,T,4] k) => (float[B,2,S,4] y) { y = ScaledDotProduct(q,"
                + " k, k) }");
  }

  @Test
  void takesASoftmaxInFloatOfHalfPrecision() {
    rule(new FuseAttention())
        .within(5e-3)
        .given(
            """
            g (float16[B,2,S,4] q, float16[B,2,T,4] k) => (float16[B,2,S,4] y) {
              p = MatMul<transpose_b=true>(q, k)
              s = Cast<to=float>(p)
              w = Softmax<axis=3>(s)
              h = Cast<to=float16>(w)
              y = MatMul(h, k)
            }
            """)
        .becomes(
            "g (float16[B,2,S,4] q, float16[B,2,T,4] k) => (float16[B,2,S,4] y) { y ="
                + " ScaledDotProduct(q, k, k) }");
  }

  @Test
  void refusesASoftmaxOverQueries() {
    given("s = MatMul<transpose_b=true>(q, k) w = Softmax<axis=2>(s) y = MatMul(w, v)")
        .isUnchanged();
    given(
            "s = MatMul<transpose_b=true>(q, k) w = Softmax<axis=3, logarithm=true>(s) y ="
                + " MatMul(w, v)")
        .isUnchanged();
  }

  @Test
  void refusesWeightsThatOthersRead() {
    rule(new FuseAttention())
        .given(
            """
            g (float[B,2,S,4] q, float[B,2,T,4] k) => (float[B,2,S,4] y, float[B,2,S,T] w) {
              p = MatMul<transpose_b=true>(q, k)
              w = Softmax<axis=3>(p)
              y = MatMul(w, k)
            }
            """)
        .isRejected("is read elsewhere too");
  }

  @Test
  void refusesOtherHeads() {
    rule(new FuseAttention())
        .given(
            """
            g (float[B,2,S,4] q, float[1,2,T,4] k) => (float[B,2,S,4] y) {
              p = MatMul<transpose_b=true>(q, k)
              w = Softmax<axis=3>(p)
              y = MatMul(w, k)
            }
            """)
        .isRejected("has other sequences or heads");
  }

  @Test
  void refusesFiveDimensions() {
    rule(new FuseAttention())
        .given(
            """
            g (float[B,2,2,S,4] q) => (float[B,2,2,S,4] y) {
              p = MatMul<transpose_b=true>(q, q)
              w = Softmax<axis=4>(p)
              y = MatMul(w, q)
            }
            """)
        .isRejected("has neither 3 nor 4 dimensions");
  }
}
