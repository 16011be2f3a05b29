package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class BindConstantsTest {
  @Test
  void bringsConstantsIntoLoops() {
    rule(new BindConstants())
        .given(
            """
            g (float[N] x, float[N] c) => (float[N] y) {
              count = Constant<value=int64 {3}>()
              two = Constant<value=float {2}>()
              y = Loop<states=1,
                body=b (int64 turn, float[N] s, float k, float[N] d) => (float[N] next) {
                  m = Mul(s, k)
                  next = Add(m, d)
                }>(count, x, two, c)
            }
            """)
        .becomes(
            """
            g (float[N] x, float[N] c) => (float[N] y) {
              count = Constant<value=int64 {3}>()
              y = Loop<states=1,
                body=b (int64 turn, float[N] s, float[N] d) => (float[N] next) {
                  k = Constant<value=float {2}>()
                  m = Mul(s, k)
                  next = Add(m, d)
                }>(count, x, c)
            }
            """);
  }

  @Test
  void bringsConstantsIntoBothBranches() {
    rule(new BindConstants())
        .given(
            """
            g (bool p, float[N] x) => (float[N] y) {
              two = Constant<value=float {2}>()
              y = If<
                then=a (float[N] v, float k) => (float[N] r) { r = Mul(v, k) },
                else=b (float[N] v, float k) => (float[N] r) { r = Add(v, k) }>(p, x, two)
            }
            """)
        .becomes(
            """
            g (bool p, float[N] x) => (float[N] y) {
              y = If<
                then=a (float[N] v) => (float[N] r) {
                  k = Constant<value=float {2}>()
                  r = Mul(v, k)
                },
                else=b (float[N] v) => (float[N] r) {
                  k = Constant<value=float {2}>()
                  r = Add(v, k)
                }>(p, x)
            }
            """);
  }

  @Test
  void leavesWhatIsGivenBack() {
    rule(new BindConstants())
        .given(
            """
            g (bool p, float x) => (float y) {
              two = Constant<value=float {2}>()
              y = If<
                then=a (float v, float k) => (float r = k) { },
                else=b (float v, float k) => (float r) { r = Add(v, k) }>(p, x, two)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesWhatGivesSymbolsTheirSizes() {
    rule(new BindConstants())
        .given(
            """
            g (bool p, float x) => (float[?] y) {
              row = Constant<value=float[2] {2, 3}>()
              y = If<
                then=a (float v, float[M] k) => (float[M] r) { r = Mul(v, k) },
                else=b (float v, float[M] k) => (float[M] r) { r = Add(v, k) }>(p, x, row)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesWhatIsNoConstant() {
    rule(new BindConstants())
        .given(
            """
            g (bool p, float x) => (float y) {
              y = If<
                then=a (float v) => (float r) { r = Neg(v) },
                else=b (float v) => (float r) { r = Exp(v) }>(p, x)
            }
            """)
        .isUnchanged();
  }
}
