package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import com.google.common.collect.ImmutableList;
import org.junit.jupiter.api.Test;

class FuseOperationsTest {
  private static final String GRAPH =
      """
      g (float[N] x) => (float[N] y) {
        s = Sigmoid(x)
        a = Mul(x, s)
        h = HardSigmoid<alpha=0.16666667, beta=0.5>(a)
        y = Mul(a, h)
      }
      """;

  @Test
  void appliesAllFusions() {
    rule(new FuseOperations())
        .given(GRAPH)
        .becomes("g (float[N] x) => (float[N] y) { a = Swish<alpha=1>(x) y = HardSwish(a) }");
  }

  @Test
  void appliesOnlyChosenOnes() {
    rule(new FuseOperations(ImmutableList.of(new FuseSilu())))
        .given(GRAPH)
        .becomes(
            """
            g (float[N] x) => (float[N] y) {
              a = Swish<alpha=1>(x)
              h = HardSigmoid<alpha=0.16666667, beta=0.5>(a)
              y = Mul(a, h)
            }
            """);
  }
}
