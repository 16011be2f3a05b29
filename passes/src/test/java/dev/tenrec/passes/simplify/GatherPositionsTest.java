package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class GatherPositionsTest {
  private static final String BOUNDS =
      """
        zero = Constant<value=int64[1] {0}>()
        two = Constant<value=int64[1] {2}>()
        last = Constant<value=int64[1] {-1}>()
        end = Constant<value=int64[1] {9223372036854775807}>()
      """;

  @Test
  void rollsAnAxisInOneStep() {
    rule(new GatherPositions())
        .given(
            "g (float[N,4] x) => (float[N,4] y) {"
                + BOUNDS
                + """
                  a = Slice<axes=[1]>(x, last, end)
                  b = Slice<axes=[1]>(x, zero, last)
                  y = Concat<axis=1>(a, b)
                }
                """)
        .becomes(
            """
            g (float[N,4] x) => (float[N,4] y) {
              at = Constant<value=int64[4] {3, 0, 1, 2}>()
              y = Gather<axis=1>(x, at)
            }
            """);
  }

  @Test
  void takesSlicesThatAreTheWholeForTheWhole() {
    rule(new GatherPositions())
        .given(
            "g (float[N,4] x) => (float[N,4] y) {"
                + BOUNDS
                + """
                  a = Slice<axes=[1]>(x, zero, two)
                  b = Slice<axes=[1]>(x, two, end)
                  c = Concat<axis=1>(a, b)
                  y = Neg(c)
                }
                """)
        .becomes("g (float[N,4] x) => (float[N,4] y) { y = Neg(x) }");
  }

  @Test
  void readsHalfOfShuffledChannels() {
    rule(new GatherPositions())
        .given(
            "g (float[N,6,2,2] x) => (float[N,2,2,2] y, float[N,2,2,2] z) {"
                + BOUNDS
                + """
                  five = Constant<value=int64[1] {5}>()
                  groups = Constant<value=int64[5] {-1, 2, 3, 2, 2}>()
                  flat = Constant<value=int64[4] {-1, 6, 2, 2}>()
                  a = Reshape(x, groups)
                  t = Transpose<permutation=[0,2,1,3,4]>(a)
                  b = Reshape(t, flat)
                  y = Slice<axes=[1]>(b, zero, two)
                  z = Slice<axes=[1], steps=[2]>(b, two, five)
                }
                """)
        .becomes(
            """
            g (float[N,6,2,2] x) => (float[N,2,2,2] y, float[N,2,2,2] z) {
              a = Constant<value=int64[2] {0, 3}>()
              y = Gather<axis=1>(x, a)
              b = Constant<value=int64[2] {1, 2}>()
              z = Gather<axis=1>(x, b)
            }
            """);
  }

  @Test
  void leavesSlicesOfOtherAxes() {
    rule(new GatherPositions())
        .given(
            "g (float[3,4] x) => (float[4,4] y) {"
                + BOUNDS
                + """
                  a = Slice<axes=[0]>(x, zero, two)
                  b = Slice<axes=[0]>(x, zero, two)
                  c = Slice<axes=[1]>(a, zero, two)
                  d = Slice<axes=[1]>(b, zero, two)
                  e = Concat<axis=0>(c, d)
                  y = Concat<axis=1>(e, e)
                }
                """)
        .isUnchanged();
  }

  @Test
  void leavesSlicesThatOthersRead() {
    rule(new GatherPositions())
        .given(
            "g (float[N,4] x) => (float[N,4] y, float[N,2] a, float[N,2] b) {"
                + BOUNDS
                + """
                  a = Slice<axes=[1]>(x, two, end)
                  b = Slice<axes=[1]>(x, zero, two)
                  y = Concat<axis=1>(a, b)
                }
                """)
        .isUnchanged();
  }

  @Test
  void leavesAxesOfOpenSize() {
    rule(new GatherPositions())
        .given(
            "g (float[N] x) => (float[N + 1] y) {"
                + BOUNDS
                + """
                  a = Slice<axes=[0]>(x, last, end)
                  y = Concat<axis=0>(a, x)
                }
                """)
        .withSize("N", 3)
        .isUnchanged();
  }

  @Test
  void leavesASliceOfWhatIsTransposed() {
    rule(new GatherPositions())
        .given(
            "g (float[3,4] x) => (float[2,3] y) {"
                + BOUNDS
                + """
                  t = Transpose<permutation=[1,0]>(x)
                  y = Slice<axes=[0]>(t, zero, two)
                }
                """)
        .isUnchanged();
  }
}
