package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class EliminateDeadCodeTest {
  @Test
  void dropsWhatNoOutputDependsOn() {
    rule(new EliminateDeadCode())
        .given(
            """
            g (float[2] x, float[2] unread) => (float[2] y) {
              a = Neg(x)
              b = Neg(unread)
              c = Add(a, b)
              y = Exp(x)
            }
            """)
        .becomes("g (float[2] x, float[2] unread) => (float[2] y) { y = Exp(x) }");
  }

  @Test
  void keepsNodesOfWhichOneResultIsRead() {
    rule(new EliminateDeadCode())
        .given(
            """
            g (float[3] x) => (int64[1] at) {
              k = Constant<value=int64[1] {1}>()
              top, at = TopK<axis=0>(x, k)
            }
            """)
        .isUnchanged();
  }
}
