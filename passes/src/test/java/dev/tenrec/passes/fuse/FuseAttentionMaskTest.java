package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.fuse.FuseAttentionTest.INPUTS;
import static dev.tenrec.passes.fuse.FuseAttentionTest.attention;
import static dev.tenrec.passes.fuse.FuseAttentionTest.given;
import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

/** What is added to scores, and what hides keys. */
class FuseAttentionMaskTest {
  @Test
  void addsMasksAsTheyAre() {
    given(
            """
            p = MatMul<transpose_b=true>(q, k)
            s = Mul(p, half)
            a = Add(m, s)
            w = Softmax<axis=3>(a)
            y = MatMul(w, v)
            """)
        .becomes(attention("y = ScaledDotProduct<scale=0.5>(q, k, v, m)"));
  }

  @Test
  void addsAllMasksAtOnce() {
    rule(new FuseAttention())
        .within(1e-5)
        .given(
            INPUTS
                + """
                (float[B,2,S,3] y) {
                  keys = ReduceMax<axes=[0]>(m)
                  p = MatMul<transpose_b=true>(q, k)
                  a = Add(p, keys)
                  b = Add(m, a)
                  w = Softmax<axis=3>(b)
                  y = MatMul(w, v)
                }
                """)
        .becomes(
            attention(
                "keys = ReduceMax<axes=[0]>(m) s = Add(keys, m) y = ScaledDotProduct(q, k, v, s)"));
  }

  @Test
  void addsTheLowestNumberWhereScoresAreReplaced() {
    given(
            """
            low = Constant<value=float {-1e9}>()
            p = MatMul<transpose_b=true>(q, k)
            b = Add(p, m)
            a = Select(c, b, low)
            w = Softmax<axis=3>(a)
            y = MatMul(w, v)
            """)
        .becomes(
            attention(
                """
                low = Constant<value=float {-3.4028235E38}>()
                b = Select(c, m, low)
                y = ScaledDotProduct(q, k, v, b)
                """));
    given(
            """
            low = Constant<value=float[1,1] {-Infinity}>()
            p = MatMul<transpose_b=true>(q, k)
            a = Select(c, low, p)
            w = Softmax<axis=3>(a)
            y = MatMul(w, v)
            """)
        .becomes(
            attention(
                """
                low = Constant<value=float {-Infinity}>()
                zero = Constant<value=float {0}>()
                d = Not(c)
                b = Select(d, zero, low)
                y = ScaledDotProduct(q, k, v, b)
                """));
  }

  @Test
  void addsInFloatWhereScoresOfHalfPrecisionAreReplaced() {
    rule(new FuseAttention())
        .within(5e-3)
        .given(
            """
            g (float16[B,2,S,4] q, bool[B,1,S,S] c) => (float16[B,2,S,4] y) {
              low = Constant<value=float16 {-65504}>()
              p = MatMul<transpose_b=true>(q, q)
              a = Select(c, p, low)
              w = Softmax<axis=3>(a)
              y = MatMul(w, q)
            }
            """)
        .becomes(
            """
            g (float16[B,2,S,4] q, bool[B,1,S,S] c) => (float16[B,2,S,4] y) {
              zero = Constant<value=float {0}>()
              low = Constant<value=float {-3.4028235E38}>()
              b = Select(c, zero, low)
              y = ScaledDotProduct(q, q, q, b)
            }
            """);
  }

  @Test
  void refusesNumbersThatMayMatter() {
    given(
            """
            low = Constant<value=float {-10000}>()
            p = MatMul<transpose_b=true>(q, k)
            a = Select(c, p, low)
            w = Softmax<axis=3>(a)
            y = MatMul(w, v)
            """)
        .isRejected("is not a constant that hides scores");
  }

  @Test
  void takesTheGuardOfHiddenKeysForABooleanMask() {
    given(
            """
            low = Constant<value=float[1] {-Infinity}>()
            b = Select(c, zero, low)
            p = MatMul<transpose_b=true>(q, k)
            a = Add(p, b)
            w = Softmax<axis=3>(a)
            n = IsNan(w)
            g = Select(n, zero, w)
            y = MatMul(g, v)
            """)
        .becomes(attention("y = ScaledDotProduct(q, k, v, c)"));
  }

  @Test
  void leavesTheMaskWithoutAGuardAsItIs() {
    given(
            """
            low = Constant<value=float[1] {-Infinity}>()
            b = Select(c, zero, low)
            p = MatMul<transpose_b=true>(q, k)
            a = Add(p, b)
            w = Softmax<axis=3>(a)
            y = MatMul(w, v)
            """)
        .becomes(
            attention(
                """
                zero = Constant<value=float {0}>()
                low = Constant<value=float[1] {-Infinity}>()
                b = Select(c, zero, low)
                y = ScaledDotProduct(q, k, v, b)
                """));
  }

  @Test
  void dropsTheGuardOfFiniteMasks() {
    given(
            """
            low = Constant<value=float {-3.4028235E38}>()
            b = Select(c, zero, low)
            p = MatMul<transpose_b=true>(q, k)
            a = Add(p, b)
            w = Softmax<axis=3>(a)
            n = IsNan(w)
            g = Select(n, zero, w)
            y = MatMul(g, v)
            """)
        .becomes(
            attention(
                """
                zero = Constant<value=float {0}>()
                low = Constant<value=float {-3.4028235E38}>()
                b = Select(c, zero, low)
                y = ScaledDotProduct(q, k, v, b)
                """));
  }

  @Test
  void keepsTheGuardOfUnknownMasksBehindTheProducts() {
    given(
            """
            n = Cast<to=float>(c)
            hidden = Log(n)
            p = MatMul<transpose_b=true>(q, k)
            a = Add(p, hidden)
            w = Softmax<axis=3>(a)
            nan = IsNan(w)
            g = Select(nan, zero, w)
            y = MatMul(g, v)
            """)
        .becomes(
            attention(
                """
                c2 = Cast<to=float>(c)
                hidden = Log(c2)
                largest = ReduceMax<axes=[3], keep_dims=true>(hidden)
                low = Constant<value=float {-Infinity}>()
                empty = Equal(largest, low)
                zero = Constant<value=float {0}>()
                a = ScaledDotProduct(q, k, v, hidden)
                y = Select(empty, zero, a)
                """));
  }

  @Test
  void refusesAMaskThatBroadcastsTheScores() {
    rule(new FuseAttention())
        .given(
            """
            g (float[1,2,S,4] q, float[1,2,T,4] k, float[3,1,S,T] m) => (float[3,2,S,4] y) {
              p = MatMul<transpose_b=true>(q, k)
              a = Add(p, m)
              w = Softmax<axis=3>(a)
              y = MatMul(w, k)
            }
            """)
        .isRejected("is broadcast by a mask");
  }
}
