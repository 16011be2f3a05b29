package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;

class MergeConstantsTest {
  private static String graph(String body) {
    return """
    g (float[N,3] x) => (float[N,3] y) {
      two = Constant<value=float {2}>()
      three = Constant<value=float {3}>()
      five = Constant<value=float {5}>()
      row = Constant<value=float[3] {1, 2, 3}>()
      column = Constant<value=float[2,1] {1, 2}>()
      %s
    }
    """
        .formatted(body);
  }

  private static void becomes(String before, String after) {
    rule(new MergeConstants())
        .then(new FoldConstants())
        .given(graph(before))
        .becomes("g (float[N,3] x) => (float[N,3] y) { %s }".formatted(after));
  }

  @Test
  void addsUpSummands() {
    becomes(
        "a = Add(x, three) y = Add(a, row)",
        "c = Constant<value=float[3] {4, 5, 6}>() y = Add(x, c)");
  }

  @Test
  void multipliesFactors() {
    becomes(
        "a = Mul(x, row) y = Mul(a, three)",
        "c = Constant<value=float[3] {3, 6, 9}>() y = Mul(x, c)");
  }

  @Test
  void takesAPowerOfTwoIntoADivisor() {
    becomes("a = Div(x, three) y = Mul(a, two)", "c = Constant<value=float {1.5}>() y = Div(x, c)");
  }

  @Test
  void leavesQuotientsThatWouldBeRoundedElsewhere() {
    rule(new MergeConstants()).given(graph("a = Div(x, three) y = Mul(a, five)")).isUnchanged();
    rule(new MergeConstants()).given(graph("a = Mul(x, three) y = Div(a, five)")).isUnchanged();
  }

  @Test
  void leavesSumsOfProducts() {
    rule(new MergeConstants()).given(graph("a = Mul(x, three) y = Add(a, five)")).isUnchanged();
  }

  @Test
  void leavesWhatOthersRead() {
    rule(new MergeConstants())
        .given(graph("a = Mul(x, three) b = Mul(a, five) y = Add(a, b)"))
        .isUnchanged();
  }

  @Test
  void leavesConstantsThatWouldGrow() {
    rule(new MergeConstants())
        .given(
            """
            g (float[2,3] x) => (float[2,3] y) {
              row = Constant<value=float[3] {1, 2, 3}>()
              column = Constant<value=float[2,1] {1, 2}>()
              a = Add(x, row)
              y = Add(a, column)
            }
            """)
        .isUnchanged();
  }
}
