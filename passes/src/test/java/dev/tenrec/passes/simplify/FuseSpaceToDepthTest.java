package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class FuseSpaceToDepthTest {
  private static String graph(String outputs, String body) {
    return """
    g (float[N,4,6,3] x) => (%s) {
      i0 = Constant<value=int64[1] {0}>()
      i1 = Constant<value=int64[1] {1}>()
      end = Constant<value=int64[1] {9223372036854775807}>()
      i01 = Constant<value=int64[2] {0, 1}>()
      ends = Constant<value=int64[2] {9223372036854775807, 9223372036854775807}>()
      top = Slice<axes=[1], steps=[2]>(x, i0, end)
      bottom = Slice<axes=[1], steps=[2]>(x, i1, end)
      %s
    }
    """
        .formatted(outputs, body);
  }

  @Test
  void mergesThePatchesOfAnImage() {
    rule(new FuseSpaceToDepth())
        .given(
            graph(
                "float[N,2,3,12] y",
                """
                a = Slice<axes=[2], steps=[2]>(top, i0, end)
                b = Slice<axes=[2], steps=[2]>(bottom, i0, end)
                c = Slice<axes=[1,2], steps=[2,2]>(x, i01, ends)
                d = Slice<axes=[2], steps=[2]>(bottom, i1, end)
                y = Concat<axis=3>(a, b, c, d)
                """))
        .becomes(
            """
            g (float[N,4,6,3] x) => (float[N,2,3,12] y) {
              apart = Constant<value=int64[6] {0, 2, 2, 3, 2, 3}>()
              s = Reshape<copy_zeros=true>(x, apart)
              t = Transpose<permutation=[0,1,3,4,2,5]>(s)
              flat = Constant<value=int64[4] {0, 2, 3, 12}>()
              y = Reshape<copy_zeros=true>(t, flat)
            }
            """);
  }

  @Test
  void mergesAlongOneAxis() {
    rule(new FuseSpaceToDepth())
        .given(graph("float[2*N,2,6,3] y", "y = Concat<axis=0>(top, bottom)"))
        .becomes(
            """
            g (float[N,4,6,3] x) => (float[2*N,2,6,3] y) {
              apart = Constant<value=int64[5] {0, 2, 2, 6, 3}>()
              s = Reshape<copy_zeros=true>(x, apart)
              t = Transpose<permutation=[2,0,1,3,4]>(s)
              flat = Constant<value=int64[4] {-1, 2, 6, 3}>()
              y = Reshape(t, flat)
            }
            """);
  }

  @Test
  void leavesSlicesInAnotherOrder() {
    rule(new FuseSpaceToDepth())
        .given(graph("float[N,2,6,6] y", "y = Concat<axis=3>(bottom, top)"))
        .isUnchanged();
  }

  @Test
  void leavesBlocksOfWhichAPartIsMissing() {
    rule(new FuseSpaceToDepth())
        .given(graph("float[N,2,6,6] y", "y = Concat<axis=3>(top, top)"))
        .isUnchanged();
  }

  @Test
  void leavesSlicesAlongTheAxisThatTheyAreJoinedOn() {
    rule(new FuseSpaceToDepth())
        .given(graph("float[N,4,6,3] y", "y = Concat<axis=1>(top, bottom)"))
        .isUnchanged();
  }

  @Test
  void leavesBlocksThatDoNotDivideTheAxis() {
    rule(new FuseSpaceToDepth())
        .given(
            """
            g (float[N,5,1] x) => (float[N,2,2] y) {
              i0 = Constant<value=int64[1] {0}>()
              i1 = Constant<value=int64[1] {1}>()
              i4 = Constant<value=int64[1] {4}>()
              end = Constant<value=int64[1] {5}>()
              a = Slice<axes=[1], steps=[2]>(x, i0, i4)
              b = Slice<axes=[1], steps=[2]>(x, i1, end)
              y = Concat<axis=2>(a, b)
            }
            """)
        .isUnchanged();
  }
}
