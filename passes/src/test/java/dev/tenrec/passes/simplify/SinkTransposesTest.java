package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class SinkTransposesTest {
  @Test
  void moveThroughFunctionsOfElements() {
    rule(new SinkTransposes())
        .given(
            "g (float[N,2] x) => (float[2,N] y) { t = Transpose<permutation=[1,0]>(x) y = Relu(t)"
                + " }")
        .becomes(
            "g (float[N,2] x) => (float[2,N] y) { r = Relu(x) y = Transpose<permutation=[1,0]>(r)"
                + " }");
  }

  @Test
  void moveThroughAConstant() {
    rule(new SinkTransposes())
        .then(new FoldConstants())
        .given(
            """
            g (float[N,3,2] x) => (float[N,2,3] y) {
              c = Constant<value=float[2,1] {1, 2}>()
              t = Transpose<permutation=[0,2,1]>(x)
              y = Sub(c, t)
            }
            """)
        .becomes(
            """
            g (float[N,3,2] x) => (float[N,2,3] y) {
              c = Constant<value=float[1,1,2] {1, 2}>()
              d = Sub(c, x)
              y = Transpose<permutation=[0,2,1]>(d)
            }
            """);
  }

  @Test
  void joinWhereAllOperandsAreTransposed() {
    rule(new SinkTransposes())
        .given(
            """
            g (float[N,2] a, float[N,3] b) => (float[5,N] y) {
              s = Transpose<permutation=[1,0]>(a)
              t = Transpose<permutation=[1,0]>(b)
              y = Concat<axis=0>(s, t)
            }
            """)
        .becomes(
            """
            g (float[N,2] a, float[N,3] b) => (float[5,N] y) {
              c = Concat<axis=1>(a, b)
              y = Transpose<permutation=[1,0]>(c)
            }
            """);
  }

  @Test
  void vanishInAReductionOfWhatTheyMove() {
    rule(new SinkTransposes())
        .given(
            """
            g (float[N,4,4,8] x) => (float[N,8] y) {
              t = Transpose<permutation=[0,3,1,2]>(x)
              y = ReduceMean<axes=[2,3]>(t)
            }
            """)
        .becomes("g (float[N,4,4,8] x) => (float[N,8] y) { y = ReduceMean<axes=[1,2]>(x) }");
  }

  @Test
  void stayBehindAReductionThatLeavesSomethingToMove() {
    rule(new SinkTransposes())
        .given(
            """
            g (float[A,B,C] x) => (float[C,A] y) {
              t = Transpose<permutation=[2,1,0]>(x)
              y = ReduceMax<axes=[1]>(t)
            }
            """)
        .becomes(
            """
            g (float[A,B,C] x) => (float[C,A] y) {
              r = ReduceMax<axes=[1]>(x)
              y = Transpose<permutation=[1,0]>(r)
            }
            """);
  }

  @Test
  void moveThroughSoftmaxSlicesAndKeptReductions() {
    rule(new SinkTransposes())
        .given(
            """
            g (float[N,4,3] x) => (float[N,1,2] y) {
              from = Constant<value=int64[1] {1}>()
              to = Constant<value=int64[1] {3}>()
              t = Transpose<permutation=[0,2,1]>(x)
              p = Softmax<axis=1>(t)
              s = Slice<axes=[2]>(p, from, to)
              y = ReduceSum<axes=[1], keep_dims=true>(s)
            }
            """)
        .becomes(
            """
            g (float[N,4,3] x) => (float[N,1,2] y) {
              from = Constant<value=int64[1] {1}>()
              to = Constant<value=int64[1] {3}>()
              p = Softmax<axis=2>(x)
              s = Slice<axes=[1]>(p, from, to)
              r = ReduceSum<axes=[2], keep_dims=true>(s)
              y = Transpose<permutation=[0,2,1]>(r)
            }
            """);
  }

  @Test
  void stayInFrontOfASumWithSomethingElse() {
    rule(new SinkTransposes())
        .given(
            """
            g (float[N,2] a, float[2,N] b) => (float[2,N] y) {
              s = Transpose<permutation=[1,0]>(a)
              y = Add(s, b)
            }
            """)
        .isUnchanged();
  }

  @Test
  void stayWhereOthersReadThem() {
    rule(new SinkTransposes())
        .given(
            """
            g (float[N,2] x) => (float[2,N] y, float[2,N] t) {
              t = Transpose<permutation=[1,0]>(x)
              y = Relu(t)
            }
            """)
        .isUnchanged();
  }

  @Test
  void stayInFrontOfAConstantOfHigherRank() {
    rule(new SinkTransposes())
        .given(
            """
            g (float[N,2] x) => (float[1,2,N] y) {
              c = Constant<value=float[1,2,1] {1, 2}>()
              t = Transpose<permutation=[1,0]>(x)
              y = Add(t, c)
            }
            """)
        .isUnchanged();
  }
}
