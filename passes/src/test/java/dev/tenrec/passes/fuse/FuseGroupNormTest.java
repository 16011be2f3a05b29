package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class FuseGroupNormTest {
  private static final String AFTER =
      """
      g (float[N,4,2,3] x) => (float[N,4,2,3] y) {
        s = Constant<value=float[4] {1, 1, 1, 1}>()
        b = Constant<value=float[4] {0, 0, 0, 0}>()
        y = GroupNorm<groups=2, epsilon=0.001>(x, s, b)
      }
      """;

  private static String graph(String body) {
    return """
    g (float[N,4,2,3] x) => (float[N,4,2,3] y) {
      groups = Constant<value=int64[3] {0, 2, -1}>()
      ones = Constant<value=float[2] {1, 1}>()
      twos = Constant<value=float[2] {2, 2}>()
      zeros = Constant<value=float[2] {0, 0}>()
      one = Constant<value=float[12] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}>()
      all = Sizes<dims=[N,4,2,3]>()
      g = Reshape<copy_zeros=true>(x, groups)
      %s
    }
    """
        .formatted(body);
  }

  @Test
  void recognizesInstanceNormalizationOfGroups() {
    rule(new FuseGroupNorm())
        .given(graph("n = GroupNorm<epsilon=0.001>(g, ones, zeros) y = Reshape(n, all)"))
        .becomes(AFTER);
  }

  @Test
  void recognizesLayerNormalizationOfGroups() {
    rule(new FuseGroupNorm())
        .given(graph("n = LayerNorm<axis=2, epsilon=0.001>(g, one) y = Reshape(n, all)"))
        .becomes(AFTER);
  }

  @Test
  void refusesAScaleOfTheGroups() {
    rule(new FuseGroupNorm())
        .given(graph("n = GroupNorm<epsilon=0.001>(g, twos, zeros) y = Reshape(n, all)"))
        .isRejected("is not 1 everywhere");
  }

  @Test
  void refusesGroupsOverSamples() {
    rule(new FuseGroupNorm())
        .given(
            """
            g (float[2,4,3] x) => (float[2,4,3] y) {
              groups = Constant<value=int64[3] {1, 4, 6}>()
              all = Constant<value=int64[3] {2, 4, 3}>()
              ones = Constant<value=float[4] {1, 1, 1, 1}>()
              zeros = Constant<value=float[4] {0, 0, 0, 0}>()
              g = Reshape(x, groups)
              n = GroupNorm<epsilon=0.001>(g, ones, zeros)
              y = Reshape(n, all)
            }
            """)
        .isRejected("does not split the channels into groups");
  }

  @Test
  void refusesAnotherShape() {
    rule(new FuseGroupNorm())
        .given(
            """
            g (float[N,4,2,3] x) => (float[N,4,6] y) {
              groups = Constant<value=int64[3] {0, 2, -1}>()
              ones = Constant<value=float[2] {1, 1}>()
              zeros = Constant<value=float[2] {0, 0}>()
              all = Sizes<dims=[N,4,6]>()
              g = Reshape<copy_zeros=true>(x, groups)
              n = GroupNorm<epsilon=0.001>(g, ones, zeros)
              y = Reshape(n, all)
            }
            """)
        .isRejected("is broadcast to another shape");
  }
}
