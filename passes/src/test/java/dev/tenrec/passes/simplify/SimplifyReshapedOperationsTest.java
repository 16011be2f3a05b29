package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class SimplifyReshapedOperationsTest {
  private static RuleTester.Given given(String inputs, String nodes) {
    return rule(new SimplifyReshapedOperations())
        .given("g (" + inputs + ") => (float[B,2,?,?] y) { " + nodes + " }");
  }

  @Test
  void addsWhatIsReshapedAsItWas() {
    given(
            "float[B,2,S,T] x, float[B,2,T] bias",
            """
            merged = Sizes<dims=[2*B,S,T]>()
            apart = Sizes<dims=[B,2,S,T]>()
            row = Sizes<dims=[2*B,1,T]>()
            half = Constant<value=float {0.5}>()
            m = Reshape(x, merged)
            r = Reshape(bias, row)
            s = Mul(m, half)
            a = Add(s, r)
            y = Reshape(a, apart)
            """)
        .becomes(
            """
            g (float[B,2,S,T] x, float[B,2,T] bias) => (float[B,2,S,T] y) {
              half = Constant<value=float {0.5}>()
              row = Sizes<dims=[2*B,1,T]>()
              r = Reshape(bias, row)
              four = Sizes<dims=[B,2,1,T]>()
              b = Reshape(r, four)
              s = Mul(x, half)
              y = Add(s, b)
            }
            """);
  }

  @Test
  void repeatsWhatIsBroadcastToSomeOfTheAxes() {
    rule(new SimplifyReshapedOperations())
        .given(
            """
            g (float[B,4,2,3] x, float[4,1,3] mask) => (float[4*B,2,3] y) {
              apart = Sizes<dims=[B,4,2,3]>()
              merged = Sizes<dims=[4*B,2,3]>()
              r = Reshape(x, merged)
              e = Exp(r)
              m = Reshape(e, apart)
              a = Add(m, mask)
              y = Reshape(a, merged)
            }
            """)
        .becomes(
            """
            g (float[B,4,2,3] x, float[4,1,3] mask) => (float[4*B,2,3] y) {
              merged = Sizes<dims=[4*B,2,3]>()
              m = Reshape(x, merged)
              e = Exp(m)
              all = Sizes<dims=[B,4,1,3]>()
              repeated = Expand(mask, all)
              one = Constant<value=int64[3] {-1, 1, 3}>()
              r = Reshape(repeated, one)
              y = Add(e, r)
            }
            """);
  }

  @Test
  void multipliesStacksAsTheyWere() {
    given(
            "float[B,2,S,3] a, float[B,2,T,3] b",
            """
            ma = Sizes<dims=[2*B,S,3]>()
            mb = Sizes<dims=[2*B,T,3]>()
            apart = Sizes<dims=[B,2,S,T]>()
            ra = Reshape(a, ma)
            rb = Reshape(b, mb)
            p = MatMul<transpose_b=true>(ra, rb)
            y = Reshape(p, apart)
            """)
        .becomes(
            "g (float[B,2,S,3] a, float[B,2,T,3] b) => (float[B,2,S,T] y) { y ="
                + " MatMul<transpose_b=true>(a, b) }");
  }

  @Test
  void leavesOtherShapes() {
    given(
            "float[B,2,S,3] x",
            """
            merged = Sizes<dims=[2*B,S,3]>()
            apart = Sizes<dims=[B,2,3,S]>()
            half = Constant<value=float {0.5}>()
            m = Reshape(x, merged)
            s = Mul(m, half)
            y = Reshape(s, apart)
            """)
        .isUnchanged();
  }

  @Test
  void leavesSumsWithWhatIsAsLarge() {
    rule(new SimplifyReshapedOperations())
        .given(
            """
            g (float[B,2,S,3] x) => (float[B,2,S,3] y) {
              merged = Sizes<dims=[2*B,S,3]>()
              apart = Sizes<dims=[B,2,S,3]>()
              m = Reshape(x, merged)
              t = Tanh(m)
              s = Mul(m, t)
              y = Reshape(s, apart)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesWhatOthersRead() {
    rule(new SimplifyReshapedOperations())
        .given(
            """
            g (float[B,2,S,3] x) => (float[B,2,S,3] y, float[2*B,S,3] s) {
              merged = Sizes<dims=[2*B,S,3]>()
              apart = Sizes<dims=[B,2,S,3]>()
              half = Constant<value=float {0.5}>()
              m = Reshape(x, merged)
              s = Mul(m, half)
              y = Reshape(s, apart)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesAProductOfWhichOneOperandIsReshaped() {
    given(
            "float[B,2,S,3] a, float[2*B,T,3] b",
            """
            ma = Sizes<dims=[2*B,S,3]>()
            apart = Sizes<dims=[B,2,S,T]>()
            ra = Reshape(a, ma)
            p = MatMul<transpose_b=true>(ra, b)
            y = Reshape(p, apart)
            """)
        .isUnchanged();
  }
}
