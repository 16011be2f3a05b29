package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class MergeProjectionsTest {
  private static String graph(String outputs, String body) {
    return """
    g (float[N,S,2] x) => (%s) {
      a = Constant<value=float[2,4] {1, 2, 3, 4, 5, 6, 7, 8}>()
      b = Constant<value=float[2,2] {9, 10, 11, 12}>()
      c = Constant<value=float[2,2] {13, 14, 15, 16}>()
      bias = Constant<value=float[4] {1, 2, 3, 4}>()
      short = Constant<value=float[2] {5, 6}>()
      two = Constant<value=int64[4] {0, 0, 2, 2}>()
      one = Constant<value=int64[4] {0, 0, 1, 2}>()
      half = Constant<value=int64[4] {0, 0, 2, 1}>()
      %s
    }
    """
        .formatted(outputs, body);
  }

  @Test
  void multipliesOnceForQueriesKeysAndValues() {
    rule(new MergeProjections())
        .then(new FoldConstants())
        .given(
            graph(
                "float[N,2,S,2] q, float[N,1,S,2] k, float[N,1,S,2] v",
                """
                qp = MatMul(x, a)
                qs = Add(qp, bias)
                qh = Reshape<copy_zeros=true>(qs, two)
                q = Transpose<permutation=[0,2,1,3]>(qh)
                kp = MatMul(x, b)
                kh = Reshape<copy_zeros=true>(kp, one)
                k = Transpose<permutation=[0,2,1,3]>(kh)
                vp = MatMul<transpose_b=true>(x, c)
                vs = Add(short, vp)
                vh = Reshape<copy_zeros=true>(vs, one)
                v = Transpose<permutation=[0,2,1,3]>(vh)
                """))
        .becomes(
            """
            g (float[N,S,2] x) => (float[N,2,S,2] q, float[N,1,S,2] k, float[N,1,S,2] v) {
              w = Constant<value=float[2,8] {1, 2, 3, 4, 9, 10, 13, 15, 5, 6, 7, 8, 11, 12, 14, 16}>()
              b = Constant<value=float[8] {1, 2, 3, 4, 0, 0, 5, 6}>()
              heads = Constant<value=int64[4] {0, 0, 4, 2}>()
              p = MatMul(x, w)
              s = Add(p, b)
              h = Reshape<copy_zeros=true>(s, heads)
              t = Transpose<permutation=[0,2,1,3]>(h)
              i0 = Constant<value=int64[1] {0}>()
              i2 = Constant<value=int64[1] {2}>()
              q = Slice<axes=[1]>(t, i0, i2)
              j2 = Constant<value=int64[1] {2}>()
              j3 = Constant<value=int64[1] {3}>()
              k = Slice<axes=[1]>(t, j2, j3)
              k3 = Constant<value=int64[1] {3}>()
              k4 = Constant<value=int64[1] {4}>()
              v = Slice<axes=[1]>(t, k3, k4)
            }
            """);
  }

  @Test
  void slicesColumnsWhereThereAreNoHeads() {
    rule(new MergeProjections())
        .then(new FoldConstants())
        .given(
            graph(
                "float[N,S,4] q, float[N,S,2] k, float[N,S,2] v",
                """
                qp = MatMul(x, a)
                q = Add(qp, bias)
                kp = MatMul(x, b)
                k = Add(kp, short)
                vp = MatMul(x, c)
                v = Add(vp, short)
                """))
        .becomes(
            """
            g (float[N,S,2] x) => (float[N,S,4] q, float[N,S,2] k, float[N,S,2] v) {
              w = Constant<value=float[2,8] {1, 2, 3, 4, 9, 10, 13, 14, 5, 6, 7, 8, 11, 12, 15, 16}>()
              b = Constant<value=float[8] {1, 2, 3, 4, 5, 6, 5, 6}>()
              p = MatMul(x, w)
              s = Add(p, b)
              i0 = Constant<value=int64[1] {0}>()
              i2 = Constant<value=int64[1] {4}>()
              q = Slice<axes=[2]>(s, i0, i2)
              j2 = Constant<value=int64[1] {4}>()
              j3 = Constant<value=int64[1] {6}>()
              k = Slice<axes=[2]>(s, j2, j3)
              k3 = Constant<value=int64[1] {6}>()
              k4 = Constant<value=int64[1] {8}>()
              v = Slice<axes=[2]>(s, k3, k4)
            }
            """);
  }

  @Test
  void leavesProductsOfWhichSlicesWouldBeMore() {
    rule(new MergeProjections())
        .given(
            graph(
                "float[N,S,4] q, float[N,S,2] k, float[N,S,2] v",
                "q = MatMul(x, a) k = MatMul(x, b) v = MatMul(x, c)"))
        .isUnchanged();
  }

  @Test
  void leavesHeadsOfOtherSizes() {
    rule(new MergeProjections())
        .given(
            graph(
                "float[N,S,2,2] q, float[N,S,2,1] k",
                """
                qp = MatMul(x, a)
                q = Reshape<copy_zeros=true>(qp, two)
                kp = MatMul(x, b)
                k = Reshape<copy_zeros=true>(kp, half)
                """))
        .isUnchanged();
  }

  @Test
  void leavesWhatOthersReadOnTheWay() {
    rule(new MergeProjections())
        .given(
            graph(
                "float[N,S,2] k, float[N,S,2] v, float[N,S,2] kp",
                "kp = MatMul(x, b) k = Add(kp, short) vp = MatMul(x, c) v = Add(vp, short)"))
        .isUnchanged();
  }

  @Test
  void leavesMatricesThatAreNoConstants() {
    rule(new MergeProjections())
        .given(
            """
            g (float[N,2] x, float[2,2] a, float[2,2] b) => (float[1,N,2] y, float[1,N,2] z) {
              p = MatMul(x, a)
              y = Unsqueeze<axes=[0]>(p)
              q = MatMul(x, b)
              z = Unsqueeze<axes=[0]>(q)
            }
            """)
        .isUnchanged();
  }
}
