package dev.tenrec.passes.simplify;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SimplifyElementwiseTest {
  private static String graph(String body) {
    return """
    g (float[N,3] x, bool[3] p, int64[3] i) => (float[N,3] y) {
      zero = Constant<value=float {0}>()
      one = Constant<value=float {1}>()
      minus = Constant<value=float {-1}>()
      two = Constant<value=float {2}>()
      three = Constant<value=float {3}>()
      half = Constant<value=float {0.5}>()
      mhalf = Constant<value=float {-0.5}>()
      zeros = Constant<value=float[4,1,1] {0, 0, 0, 0}>()
      yes = Constant<value=bool {1}>()
      no = Constant<value=bool {0}>()
      %s
    }
    """
        .formatted(body);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Add(x, zero)",
        "Add(zero, x)",
        "Sub(x, zero)",
        "Mul(x, one)",
        "Mul(one, x)",
        "Div(x, one)",
        "Pow(x, one)",
        "Max(x, x)",
        "Min(x, x)",
        "Select(yes, x, two)",
        "Select(no, two, x)",
        "Select(p, x, x)"
      })
  void dropsOperationsThatDoNothing(String operation) {
    rule(new SimplifyElementwise())
        .given(graph("a = " + operation + " y = Exp(a)"))
        .becomes("g (float[N,3] x, bool[3] p, int64[3] i) => (float[N,3] y) { y = Exp(x) }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "y = Sub(zero, x); y = Neg(x)",
        "y = Mul(x, minus); y = Neg(x)",
        "y = Div(one, x); y = Reciprocal(x)",
        "y = Div(x, two); h = Constant<value=float {0.5}>() y = Mul(x, h)",
        "y = Pow(x, two); y = Mul(x, x)",
        "y = Pow(x, half); y = Sqrt(x)",
        "y = Pow(x, minus); y = Reciprocal(x)",
        "y = Pow(x, mhalf); s = Sqrt(x) y = Reciprocal(s)",
        "a = Neg(x) b = Neg(a) y = Exp(b); y = Exp(x)",
        "a = Neg(x) y = Abs(a); y = Abs(x)",
        "a = Floor(x) y = Floor(a); y = Floor(x)",
        "r = Reciprocal(x) y = Mul(two, r); t = Constant<value=float {2}>() y = Div(t, x)",
        "n = Not(p) y = Select(n, x, two); t = Constant<value=float {2}>() y = Select(p, t, x)",
        "q = And(p, yes) y = Select(q, x, two); t = Constant<value=float {2}>() y = Select(p, x,"
            + " t)",
        "q = Or(p, no) y = Select(q, x, two); t = Constant<value=float {2}>() y = Select(p, x, t)",
        "q = Equal(p, yes) y = Select(q, x, two); "
            + "t = Constant<value=float {2}>() y = Select(p, x, t)",
        "q = Equal(p, no) y = Select(q, x, two); "
            + "t = Constant<value=float {2}>() y = Select(p, t, x)"
      })
  void rewrites(String before, String after) {
    rule(new SimplifyElementwise()).given(graph(before)).becomes(graph(after));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "BitAnd(i, i)",
        "BitOr(i, i)",
        "BitOr(none, i)",
        "BitXor(i, none)",
        "ShiftLeft(i, none)",
        "ShiftRight(i, none)"
      })
  void dropsOperationsThatKeepAllBits(String operation) {
    rule(new SimplifyElementwise())
        .given(
            """
            g (uint8[3] i) => (uint8[3] y) {
              none = Constant<value=uint8 {0}>()
              a = %s
              y = BitNot(a)
            }\
            """
                .formatted(operation))
        .becomes("g (uint8[3] i) => (uint8[3] y) { y = BitNot(i) }");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a = Pow(x, three) y = Add(a, half)",
        "y = Div(x, three)",
        "y = Add(x, one)",
        "y = Mul(x, zero)",
        "a = Reciprocal(x) b = Mul(x, a) y = Add(a, b)",
        "y = Sub(one, x)",
        "a = Neg(x) y = Exp(a)"
      })
  void leavesWhatIsNotAnIdentity(String body) {
    rule(new SimplifyElementwise()).given(graph(body)).isUnchanged();
  }

  @Test
  void expandsWhatAnIdentityBroadcasts() {
    rule(new SimplifyElementwise())
        .given(
            """
            g (float[N,3] x) => (float[4,N,3] y) {
              zeros = Constant<value=float[4,1,1] {0, 0, 0, 0}>()
              y = Add(x, zeros)
            }
            """)
        .becomes(
            """
            g (float[N,3] x) => (float[4,N,3] y) {
              shape = Sizes<dims=[4,N,3]>()
              y = Expand(x, shape)
            }
            """);
  }

  @Test
  void leavesIdentitiesThatBroadcastToAnUnknownShape() {
    rule(new SimplifyElementwise())
        .given(
            """
            g (float[3] x, int64[2] s) => (float[?,?] y) {
              zero = Constant<value=float {0}>()
              zeros = Expand(zero, s)
              y = Add(x, zeros)
            }
            """)
        .withInput("s", 3, 3)
        .isUnchanged();
  }

  @Test
  void simplifiesIntegersToo() {
    rule(new SimplifyElementwise())
        .given(
            """
            g (int64[3] x) => (int64[3] y) {
              one = Constant<value=int64 {1}>()
              a = FloorDiv(x, one)
              b = Div(a, one)
              c = Mul(b, one)
              y = Add(c, one)
            }
            """)
        .becomes(
            """
            g (int64[3] x) => (int64[3] y) {
              one = Constant<value=int64 {1}>()
              y = Add(x, one)
            }
            """);
  }

  @Test
  void leavesIntegerDivisionByAPowerOfTwo() {
    rule(new SimplifyElementwise())
        .given(
            """
            g (int64[3] x) => (int64[3] y) {
              two = Constant<value=int64 {2}>()
              y = Div(x, two)
            }
            """)
        .isUnchanged();
  }

  @Test
  void dropsAMaskThatHidesNothing() {
    rule(new SimplifyElementwise())
        .given(
            """
            g (float[N,2,2] x) => (float[N,2,2] y) {
              all = Constant<value=bool[1,1,1] {1}>()
              shape = Sizes<dims=[N,2,2]>()
              seen = Expand(all, shape)
              zero = Constant<value=float[1] {0}>()
              never = Constant<value=float[1] {-Infinity}>()
              mask = Select(seen, zero, never)
              masked = Add(x, mask)
              y = Exp(masked)
            }
            """)
        .becomes("g (float[N,2,2] x) => (float[N,2,2] y) { y = Exp(x) }");
  }
}
