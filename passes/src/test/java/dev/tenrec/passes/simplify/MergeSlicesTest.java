package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class MergeSlicesTest {
  private static String graph(String outputs, String body) {
    return """
    g (float[9,N] x) => (%s) {
      one = Constant<value=int64[1] {1}>()
      three = Constant<value=int64[1] {3}>()
      eight = Constant<value=int64[1] {8}>()
      last = Constant<value=int64[1] {-1}>()
      end = Constant<value=int64[1] {9223372036854775807}>()
      %s
    }
    """
        .formatted(outputs, body);
  }

  @Test
  void addsBoundsOfOneAxis() {
    rule(new MergeSlices())
        .given(
            graph(
                "float[4,N] y",
                """
                a = Slice<axes=[0]>(x, three, end)
                b = Slice<axes=[0]>(a, one, eight)
                y = Slice<axes=[0]>(b, one, end)
                """))
        .becomes(
            """
            g (float[9,N] x) => (float[4,N] y) {
              start = Constant<value=int64[1] {5}>()
              stop = Constant<value=int64[1] {11}>()
              y = Slice<axes=[0]>(x, start, stop)
            }
            """);
  }

  @Test
  void slicesSeveralAxesAtOnce() {
    rule(new MergeSlices())
        .given(
            """
            g (float[9,7] x) => (float[2,4] y) {
              one = Constant<value=int64[1] {1}>()
              three = Constant<value=int64[1] {3}>()
              last = Constant<value=int64[1] {-1}>()
              first = Constant<value=int64[1] {-9}>()
              a = Slice<axes=[0]>(x, one, three)
              y = Slice<axes=[1], steps=[-2]>(a, last, first)
            }
            """)
        .becomes(
            """
            g (float[9,7] x) => (float[2,4] y) {
              start = Constant<value=int64[2] {1, -1}>()
              stop = Constant<value=int64[2] {3, -9}>()
              y = Slice<axes=[0,1], steps=[1,-2]>(x, start, stop)
            }
            """);
  }

  @Test
  void leavesBoundsThatCountFromTheEnd() {
    rule(new MergeSlices())
        .given(
            graph(
                "float[4,N] y",
                "a = Slice<axes=[0]>(x, three, last) y = Slice<axes=[0]>(a, one, eight)"))
        .isUnchanged();
  }

  @Test
  void leavesStepsOfOneAxis() {
    rule(new MergeSlices())
        .given(
            graph(
                "float[2,N] y",
                "a = Slice<axes=[0], steps=[2]>(x, three, end) y = Slice<axes=[0]>(a, one, eight)"))
        .isUnchanged();
  }

  @Test
  void leavesWhatOthersRead() {
    rule(new MergeSlices())
        .given(
            graph(
                "float[5,N] y, float[6,N] a",
                "a = Slice<axes=[0]>(x, three, end) y = Slice<axes=[0]>(a, one, eight)"))
        .isUnchanged();
  }
}
