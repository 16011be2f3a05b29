package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class FoldSizesTest {
  @Test
  void turnsShapeArithmeticIntoOneExpression() {
    rule(new FoldSizes())
        .given(
            """
            g (float[N,4,8] x) => (float[N,32] y) {
              s = ShapeOf(x)
              zero = Constant<value=int64[1] {0}>()
              n = Gather<axis=0>(s, zero)
              rest = Constant<value=int64[1] {32}>()
              shape = Concat<axis=0>(n, rest)
              y = Reshape(x, shape)
            }
            """)
        .becomes(
            """
            g (float[N,4,8] x) => (float[N,32] y) {
              shape = Sizes<dims=[N,32]>()
              y = Reshape(x, shape)
            }
            """);
  }

  @Test
  void turnsKnownSizesIntoConstants() {
    rule(new FoldSizes())
        .given("g (float[2,3] x) => (int64[2] y) { y = ShapeOf(x) }")
        .becomes("g (float[2,3] x) => (int64[2] y) { y = Constant<value=int64[2] {2, 3}>() }");
  }

  @Test
  void foldsComparisonsThatHoldForAllSizes() {
    rule(new FoldSizes())
        .given(
            """
            g (float[N,3] x) => (bool[2] y) {
              s = ShapeOf(x)
              minus = Constant<value=int64 {-1}>()
              y = Equal(s, minus)
            }
            """)
        .becomes("g (float[N,3] x) => (bool[2] y) { y = Constant<value=bool[2] {0, 0}>() }");
  }

  @Test
  void castsAndReshapesExpressionsOfOtherTypes() {
    rule(new FoldSizes())
        .given(
            """
            g (float[N,3] x) => (int32[1,2] y) {
              s = ShapeOf(x)
              c = Cast<to=int32>(s)
              y = Unsqueeze<axes=[0]>(c)
            }
            """)
        .becomes(
            """
            g (float[N,3] x) => (int32[1,2] y) {
              s = Sizes<dims=[N,3]>()
              shape = Constant<value=int64[2] {1, 2}>()
              r = Reshape(s, shape)
              y = Cast<to=int32>(r)
            }
            """);
  }

  @Test
  void leavesSizesThatNoInputTells() {
    rule(new FoldSizes())
        .given(
            """
            g (float[N] x, int64[1] shape) => (int64[1] y) {
              r = Expand(x, shape)
              y = ShapeOf(r)
            }
            """)
        .withInput("shape", 1, 1)
        .isUnchanged();
  }
}
