package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SimplifyGathersTest {
  @Test
  void readsEverythingInOrderAsAReshape() {
    rule(new SimplifyGathers())
        .given(
            """
            g (float[N*S,2] x, float[N,S] sizes) => (float[N,1,S,2] y) {
              zero = Constant<value=int64 {0}>()
              one = Constant<value=int64 {1}>()
              n = Sizes<dims=[N], scalar=true>()
              s = Sizes<dims=[S], scalar=true>()
              rows = Range(zero, n, one)
              columns = Range(zero, s, one)
              r = Unsqueeze<axes=[1,2]>(rows)
              c = Unsqueeze<axes=[0,1]>(columns)
              start = Mul(r, s)
              at = Add(start, c)
              y = Gather<axis=0>(x, at)
            }
            """)
        .withSize("N", 2)
        .withSize("S", 3)
        .becomes(
            """
            g (float[N*S,2] x, float[N,S] sizes) => (float[N,1,S,2] y) {
              shape = Sizes<dims=[N,1,S,2]>()
              y = Reshape(x, shape)
            }
            """);
  }

  @Test
  void leavesAnotherOrderAndAnotherNumber() {
    rule(new SimplifyGathers())
        .given(
            """
            g (float[4] x) => (float[2,2] turned, float[3] few, float[4] later) {
              a = Constant<value=int64[2,1] {0, 1}>()
              b = Constant<value=int64[2] {0, 2}>()
              at = Add(a, b)
              turned = Gather<axis=0>(x, at)
              first = Constant<value=int64[3] {0, 1, 2}>()
              few = Gather<axis=0>(x, first)
              last = Constant<value=int64[4] {-1, 0, 1, 2}>()
              later = Gather<axis=0>(x, last)
            }
            """)
        .isUnchanged();
  }

  @Test
  void readsEveryPairInOrderAsAReshape() {
    rule(new SimplifyGathers())
        .given(
            """
            g (bool[N,S] x) => (bool[N,1,S] y) {
              zero = Constant<value=int64 {0}>()
              one = Constant<value=int64 {1}>()
              n = Sizes<dims=[N], scalar=true>()
              s = Sizes<dims=[S], scalar=true>()
              shape = Sizes<dims=[N,1,S]>()
              rows = Range(zero, n, one)
              r = Unsqueeze<axes=[1,2]>(rows)
              rs = Expand(r, shape)
              i = Unsqueeze<axes=[3]>(rs)
              columns = Range(zero, s, one)
              cs = Expand(columns, shape)
              j = Unsqueeze<axes=[3]>(cs)
              at = Concat<axis=3>(i, j)
              y = GatherNd(x, at)
            }
            """)
        .becomes("g (bool[N,S] x) => (bool[N,1,S] y) { y = Unsqueeze<axes=[1]>(x) }");
  }

  @Test
  void leavesPairsInAnotherOrder() {
    rule(new SimplifyGathers())
        .given(
            """
            g (bool[S,S] x) => (bool[S,S] y) {
              zero = Constant<value=int64 {0}>()
              one = Constant<value=int64 {1}>()
              s = Sizes<dims=[S], scalar=true>()
              shape = Sizes<dims=[S,S]>()
              rows = Range(zero, s, one)
              r = Unsqueeze<axes=[1]>(rows)
              rs = Expand(r, shape)
              i = Unsqueeze<axes=[2]>(rs)
              cs = Expand(rows, shape)
              j = Unsqueeze<axes=[2]>(cs)
              at = Concat<axis=2>(j, i)
              y = GatherNd(x, at)
            }
            """)
        .isUnchanged();
  }

  @Test
  void doesNotReadWhatIsTheSameEverywhere() {
    rule(new SimplifyGathers())
        .given(
            """
            g (int64[N,2] at) => (float[N,2] y, float[N,2] z) {
              same = Constant<value=float[1,3] {7, 7, 7}>()
              shape = Sizes<dims=[N,3]>()
              wide = Expand(same, shape)
              y = GatherElements<axis=1>(wide, at)
              vector = Constant<value=float[3] {7, 7, 7}>()
              z = Gather<axis=0>(vector, at)
            }
            """)
        .becomes(
            """
            g (int64[N,2] at) => (float[N,2] y, float[N,2] z) {
              seven = Constant<value=float {7}>()
              shape = Sizes<dims=[N,2]>()
              y = Expand(seven, shape)
              other = Constant<value=float {7}>()
              again = Sizes<dims=[N,2]>()
              z = Expand(other, again)
            }
            """);
  }

  @Test
  void readsARowOnceThatIsWantedOften() {
    rule(new SimplifyGathers())
        .given(
            """
            g (float[3,4] x, int64[1] at, float[N] n) => (float[N,4] y) {
              shape = Sizes<dims=[N]>()
              often = Expand(at, shape)
              y = Gather<axis=0>(x, often)
            }
            """)
        .becomes(
            """
            g (float[3,4] x, int64[1] at, float[N] n) => (float[N,4] y) {
              row = Gather<axis=0>(x, at)
              shape = Sizes<dims=[N,4]>()
              y = Expand(row, shape)
            }
            """);
  }

  @Test
  void readsAPositionInsteadOfSlicingIt() {
    rule(new SimplifyGathers())
        .given(
            """
            g (float[3,N,2] x) => (float[N,2] y, float[N,2] z) {
              one = Constant<value=int64[1] {1}>()
              two = Constant<value=int64[1] {2}>()
              last = Constant<value=int64[1] {-1}>()
              end = Constant<value=int64[1] {9223372036854775807}>()
              a = Slice<axes=[0]>(x, one, two)
              y = Squeeze<axes=[0]>(a)
              b = Slice<axes=[0]>(x, last, end)
              s = Constant<value=int64[2] {-1, 2}>()
              z = Reshape(b, s)
            }
            """)
        .becomes(
            """
            g (float[3,N,2] x) => (float[N,2] y, float[N,2] z) {
              one = Constant<value=int64 {1}>()
              y = Gather<axis=0>(x, one)
              last = Constant<value=int64 {-1}>()
              z = Gather<axis=0>(x, last)
            }
            """);
  }

  @Test
  void leavesSlicesOfMoreAndThoseThatOthersRead() {
    rule(new SimplifyGathers())
        .given(
            """
            g (float[3,1,2] x) => (float[2,2] y, float[1,1,2] a, float[1,2] z) {
              zero = Constant<value=int64[1] {0}>()
              one = Constant<value=int64[1] {1}>()
              two = Constant<value=int64[1] {2}>()
              a = Slice<axes=[0]>(x, one, two)
              z = Squeeze<axes=[0]>(a)
              b = Slice<axes=[0]>(x, zero, two)
              y = Squeeze<axes=[1]>(b)
            }
            """)
        .isUnchanged();
  }

  @Test
  void leavesAPositionInFrontOfTheFirst() {
    rule(new SimplifyGathers())
        .given(
            """
            g (float[3,2] x) => (float[2] y) {
              start = Constant<value=int64[1] {-5}>()
              end = Constant<value=int64[1] {1}>()
              a = Slice<axes=[0]>(x, start, end)
              y = Squeeze<axes=[0]>(a)
            }
            """)
        .isUnchanged();
  }

  @Test
  void takesPositionsThatAreComputedFromTheBatchForARow() {
    rule(new SimplifyGathers())
        .given(
            """
            g (float[N,3,1,1] x) => (float[N,3,1,1] y) {
              flat = Constant<value=int64[1] {-1}>()
              elements = Reshape(x, flat)
              zero = Constant<value=int64 {0}>()
              one = Constant<value=int64 {1}>()
              three = Constant<value=int64 {3}>()
              n = Sizes<dims=[N], scalar=true>()
              rows = Range(zero, n, one)
              starts = Mul(rows, three)
              column = Unsqueeze<axes=[1,2,3]>(starts)
              offsets = Constant<value=int64[1,3,1,1] {0, 1, 2}>()
              at = Add(column, offsets)
              y = Gather<axis=0>(elements, at)
            }
            """)
        .becomes(
            """
            g (float[N,3,1,1] x) => (float[N,3,1,1] y) {
              flat = Constant<value=int64[1] {-1}>()
              elements = Reshape(x, flat)
              s = Constant<value=int64[4] {-1, 3, 1, 1}>()
              y = Reshape(elements, s)
            }
            """);
  }
}
