package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.Pipeline;
import org.junit.jupiter.api.Test;

class FoldConstantsTest {
  @Test
  void computesWhatDependsOnConstantsOnly() {
    rule(new FoldConstants())
        .given(
            """
            g (float[2] x) => (float[2] y) {
              a = Constant<value=float[2] {1, 2}>()
              b = Constant<value=float {3}>()
              c = Mul(a, b)
              d = Neg(c)
              y = Add(x, d)
            }
            """)
        .becomes(
            """
            g (float[2] x) => (float[2] y) {
              d = Constant<value=float[2] {-3, -6}>()
              y = Add(x, d)
            }
            """);
  }

  @Test
  void leavesResultsThatWouldMakeTheModelLarger() {
    rule(new FoldConstants(64))
        .given(
            """
            g () => (float[4,5] y) {
              a = Constant<value=float[1] {1}>()
              shape = Constant<value=int64[2] {4, 5}>()
              y = Expand(a, shape)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesResultsWhoseSizeIsNoNumber() {
    Graph graph =
        GraphParser.parse(
            """
            g () => (float[1000000000,1000000000,1000000000] y) {
              a = Constant<value=float[1] {1}>()
              shape = Constant<value=int64[3] {1000000000, 1000000000, 1000000000}>()
              y = Expand(a, shape)
            }
            """);
    assertThat(Pipeline.parse("fold").run(graph).nodes()).hasSize(3);
  }

  @Test
  void foldsResultsThatAreLargeButNoLargerThanTheirOperands() {
    rule(new FoldConstants(0))
        .given(
            """
            g () => (float[2,3] y) {
              a = Constant<value=float[3,2] {1, 2, 3, 4, 5, 6}>()
              y = Transpose<permutation=[1,0]>(a)
            }
            """)
        .becomes(
            """
            g () => (float[2,3] y) {
              y = Constant<value=float[2,3] {1, 3, 5, 2, 4, 6}>()
            }
            """);
  }

  @Test
  void leavesOperationsThatReadInputs() {
    rule(new FoldConstants()).given("g (float[2] x) => (float[2] y) { y = Neg(x) }").isUnchanged();
  }

  @Test
  void leavesWeightsInFewBits() {
    rule(new FoldConstants())
        .given(
            """
            g (float[N,2] x) => (float[N,2] y) {
              s = Constant<value=float {0.5}>()
              w = Constant<value=int8[2,2] {1, 2, 3, 4}>()
              d = Dequantize<to=float>(w, s)
              y = MatMul(x, d)
            }
            """)
        .isUnchanged();
  }
}
