package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;
import static org.assertj.core.api.Assertions.assertThat;

import dev.tenrec.ir.Graph;
import dev.tenrec.ir.text.GraphParser;
import dev.tenrec.passes.PassContext;
import org.junit.jupiter.api.Test;

class EliminateCommonSubexpressionsTest {
  @Test
  void computesEqualThingsOnce() {
    Graph graph =
        GraphParser.parse(
            """
            g (float[2] x) => (float[2] y) {
              one = Constant<value=float {1}>()
              uno = Constant<value=float {1}>()
              a = Add(x, one)
              b = Add(x, uno)
              y = Mul(a, b)
            }
            """);
    assertThat(
            new EliminateCommonSubexpressions().run(graph, PassContext.unlimited()).nodes().size())
        .isEqualTo(3);
  }

  @Test
  void replacesAllResultsOfAnOperation() {
    rule(new EliminateCommonSubexpressions())
        .given(
            """
            g (float[3] x) => (float[1] top, int64[1] at) {
              k = Constant<value=int64[1] {1}>()
              top, first = TopK<axis=0>(x, k)
              again, at = TopK<axis=0>(x, k)
            }
            """)
        .becomes(
            """
            g (float[3] x) => (float[1] top, int64[1] at) {
              k = Constant<value=int64[1] {1}>()
              top, at = TopK<axis=0>(x, k)
            }
            """);
  }

  @Test
  void keepsConstantsThatDifferInTypeOnly() {
    rule(new EliminateCommonSubexpressions())
        .given(
            """
            g (int64[2] x, int32[2] z) => (int64[2] y, int32[2] w) {
              one = Constant<value=int64 {0}>()
              uno = Constant<value=int32 {0}>()
              y = Add(x, one)
              w = Add(z, uno)
            }
            """)
        .isUnchanged();
  }

  @Test
  void keepsOperationsWhoseAttributesDiffer() {
    rule(new EliminateCommonSubexpressions())
        .given(
            """
            g (float[2,2] x) => (float[2,2] y, float[2,2] w) {
              y = Softmax<axis=0>(x)
              w = Softmax<axis=1>(x)
            }
            """)
        .isUnchanged();
  }
}
