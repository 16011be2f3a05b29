package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class CanonicalizeTest {
  @Test
  void appliesItsRulesToWhatOthersLeave() {
    rule(new Canonicalize())
        .given(
            """
            g (float[N,S,8] x) => (float[N,2,S,4] y) {
              shape = ShapeOf(x)
              i0 = Constant<value=int64[2] {0, 1}>()
              ns = Gather<axis=0>(shape, i0)
              heads = Constant<value=int64[2] {2, 4}>()
              target = Concat<axis=0>(ns, heads)
              split = Reshape(x, target)
              one = Constant<value=float {1}>()
              same = Mul(split, one)
              t = Transpose<permutation=[0,2,1,3]>(same)
              wide = Cast<to=double>(t)
              y = Cast<to=float>(wide)
            }
            """)
        .becomes(
            """
            g (float[N,S,8] x) => (float[N,2,S,4] y) {
              target = Constant<value=int64[4] {0, 0, 2, 4}>()
              split = Reshape<copy_zeros=true>(x, target)
              y = Transpose<permutation=[0,2,1,3]>(split)
            }
            """);
  }
}
