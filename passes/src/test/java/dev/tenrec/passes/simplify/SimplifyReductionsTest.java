package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SimplifyReductionsTest {
  @Test
  void dropsAxesInTheReduction() {
    rule(new SimplifyReductions())
        .given(
            """
            g (float[N,4,5] x) => (float[N] y) {
              r = ReduceMean<axes=[1,2], keep_dims=true>(x)
              y = Squeeze<axes=[1,2]>(r)
            }
            """)
        .becomes("g (float[N,4,5] x) => (float[N] y) { y = ReduceMean<axes=[1,2]>(x) }");
  }

  @Test
  void keepsAxesInTheReduction() {
    rule(new SimplifyReductions())
        .given(
            """
            g (float[N,4,5] x) => (float[N,1,5] y) {
              r = ReduceSum<axes=[1]>(x)
              y = Unsqueeze<axes=[1]>(r)
            }
            """)
        .becomes(
            """
            g (float[N,4,5] x) => (float[N,1,5] y) {
              y = ReduceSum<axes=[1], keep_dims=true>(x)
            }
            """);
  }

  @Test
  void takesAReshapeForASqueeze() {
    rule(new SimplifyReductions())
        .given(
            """
            g (float[N,4,5,6] x) => (float[N,4] y) {
              r = ReduceMean<axes=[2,3], keep_dims=true>(x)
              s = Constant<value=int64[2] {0, -1}>()
              y = Reshape<copy_zeros=true>(r, s)
            }
            """)
        .becomes("g (float[N,4,5,6] x) => (float[N,4] y) { y = ReduceMean<axes=[2,3]>(x) }");
  }

  @Test
  void leavesAReductionThatOthersReadAndOtherAxes() {
    rule(new SimplifyReductions())
        .given(
            """
            g (float[N,4,5] x) => (float[N,1,5] r, float[N,5] y, float[1,N,4] z) {
              r = ReduceSum<axes=[1], keep_dims=true>(x)
              y = Squeeze<axes=[1]>(r)
              s = ReduceSum<axes=[2]>(x)
              z = Unsqueeze<axes=[0]>(s)
            }
            """)
        .isUnchanged();
  }

  @Test
  void dropsAReductionOfOneElement() {
    rule(new SimplifyReductions())
        .given(
            """
            g (float[N,1] x) => (float[N] y, float[N,1] z) {
              y = ReduceMax<axes=[1]>(x)
              r = ReduceProd<axes=[1], keep_dims=true>(x)
              z = Exp(r)
            }
            """)
        .becomes(
            """
            g (float[N,1] x) => (float[N] y, float[N,1] z) {
              y = Squeeze<axes=[1]>(x)
              z = Exp(x)
            }
            """);
  }

  @Test
  void leavesAReductionThatChangesASingleElement() {
    rule(new SimplifyReductions())
        .given("g (float[N,1] x) => (float[N] y) { y = ReduceL1<axes=[1]>(x) }")
        .isUnchanged();
  }
}
