package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SlicePartsTest {
  private static final String SPLIT =
      """
      g (float[N,5,12] x) => (float[N,5,4] y) {
        parts = Constant<value=int64[4] {-1, 5, 3, 4}>()
        s = Reshape(x, parts)
      """;

  @ParameterizedTest
  @ValueSource(ints = {1, -2})
  void slicesTheDimensionThatWasSplit(int part) {
    rule(new SliceParts())
        .given(
            SPLIT
                + """
                  i = Constant<value=int64 {%d}>()
                  y = Gather<axis=2>(s, i)
                }
                """
                    .formatted(part))
        .becomes(
            """
            g (float[N,5,12] x) => (float[N,5,4] y) {
              from = Constant<value=int64[1] {4}>()
              to = Constant<value=int64[1] {8}>()
              y = Slice<axes=[2]>(x, from, to)
            }
            """);
  }

  @Test
  void transposesWhatIsLeft() {
    rule(new SliceParts())
        .given(
            """
            g (float[N,5,12] x) => (float[5,N,4] q, float[5,N,4] v) {
              parts = Constant<value=int64[4] {-1, 5, 3, 4}>()
              s = Reshape(x, parts)
              t = Transpose<permutation=[2,1,0,3]>(s)
              first = Constant<value=int64 {0}>()
              last = Constant<value=int64 {2}>()
              q = Gather<axis=0>(t, first)
              v = Gather<axis=0>(t, last)
            }
            """)
        .becomes(
            """
            g (float[N,5,12] x) => (float[5,N,4] q, float[5,N,4] v) {
              a = Constant<value=int64[1] {0}>()
              b = Constant<value=int64[1] {4}>()
              c = Slice<axes=[2]>(x, a, b)
              q = Transpose<permutation=[1,0,2]>(c)
              d = Constant<value=int64[1] {8}>()
              e = Constant<value=int64[1] {12}>()
              f = Slice<axes=[2]>(x, d, e)
              v = Transpose<permutation=[1,0,2]>(f)
            }
            """);
  }

  @Test
  void splitsEachPartIntoHeads() {
    rule(new SliceParts())
        .given(
            """
            g (float[N,5,12] x) => (float[N,2,5,2] k) {
              parts = Constant<value=int64[5] {-1, 5, 3, 2, 2}>()
              s = Reshape(x, parts)
              t = Transpose<permutation=[2,0,3,1,4]>(s)
              i = Constant<value=int64 {1}>()
              k = Gather<axis=0>(t, i)
            }
            """)
        .becomes(
            """
            g (float[N,5,12] x) => (float[N,2,5,2] k) {
              a = Constant<value=int64[1] {4}>()
              b = Constant<value=int64[1] {8}>()
              c = Slice<axes=[2]>(x, a, b)
              heads = Constant<value=int64[4] {0, 0, 2, 2}>()
              h = Reshape<copy_zeros=true>(c, heads)
              k = Transpose<permutation=[0,2,1,3]>(h)
            }
            """);
  }

  @Test
  void leavesAnotherAxis() {
    rule(new SliceParts())
        .given(
            """
            g (float[N,5,12] x) => (float[N,5,3] y) {
              parts = Constant<value=int64[4] {-1, 5, 3, 4}>()
              s = Reshape(x, parts)
              i = Constant<value=int64 {1}>()
              y = Gather<axis=3>(s, i)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesWhatIsSplitElsewhere() {
    rule(new SliceParts())
        .given(
            """
            g (float[15,8] x) => (float[5,8] y) {
              parts = Constant<value=int64[3] {5, 3, 8}>()
              s = Reshape(x, parts)
              i = Constant<value=int64 {1}>()
              y = Gather<axis=1>(s, i)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesSeveralParts() {
    rule(new SliceParts())
        .given(
            """
            g (float[N,5,12] x) => (float[N,5,2,4] y) {
              parts = Constant<value=int64[4] {-1, 5, 3, 4}>()
              s = Reshape(x, parts)
              i = Constant<value=int64[2] {2, 0}>()
              y = Gather<axis=2>(s, i)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesAPartThatIsChosenAtRunTime() {
    rule(new SliceParts())
        .given(
            """
            g (float[N,5,12] x) => (float[N,5,4] y) {
              parts = Constant<value=int64[4] {-1, 5, 3, 4}>()
              s = Reshape(x, parts)
              n = Sizes<dims=[N], scalar=true>()
              one = Constant<value=int64 {1}>()
              i = Min(n, one)
              y = Gather<axis=2>(s, i)
            }
            """)
        .isUnchanged();
  }
}
