package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class FuseRotaryHalvesTest {
  private static final String INPUTS =
      "g (float[B,2,S,6] x, float[1,S,3] f, float[1,S,6] g, float[3,B,2,S,3] h) => (float[B,2,S,6]"
          + " y) {";
  private static final String SLICES =
      """
      zero = Constant<value=int64[1] {0}>()
      two = Constant<value=int64[1] {2}>()
      three = Constant<value=int64[1] {3}>()
      end = Constant<value=int64[1] {9223372036854775807}>()
      a = Slice<axes=[3]>(x, zero, three)
      b = Slice<axes=[3]>(x, three, end)
      """;
  private static final String TABLES =
      """
      ff = Concat<axis=2>(f, f)
      c = Cos(ff)
      s = Sin(ff)
      cos = Unsqueeze<axes=[1]>(c)
      sin = Unsqueeze<axes=[1]>(s)
      """;

  private static RuleTester.Given given(String... nodes) {
    return rule(new FuseRotaryHalves()).given(INPUTS + String.join("\n", nodes) + "}");
  }

  @Test
  void computesTablesOfHalfTheSize() {
    given(
            SLICES,
            TABLES,
            "n = Neg(b) t = Concat<axis=3>(n, a) p = Mul(x, cos) q = Mul(sin, t) y = Add(p, q)")
        .becomes(
            INPUTS
                + """
                c = Cos(f)
                cos = Unsqueeze<axes=[1]>(c)
                s = Sin(f)
                sin = Unsqueeze<axes=[1]>(s)
                y = RotaryEmbedding(x, cos, sin)
                }
                """);
  }

  @Test
  void takesRowsOfConstantTablesTimesANumber() {
    rule(new FuseRotaryHalves())
        .given(
            """
            g (float[B,S,1,2] x, int64[B,S] at) => (float[B,S,1,2] y) {
              zero = Constant<value=int64[1] {0}>()
              one = Constant<value=int64[1] {1}>()
              two = Constant<value=int64[1] {2}>()
              table = Constant<value=float[3,2] {1, 1, 2, 2, 3, 3}>()
              rows = Gather<axis=0>(table, at)
              factor = Constant<value=float {0.5}>()
              scaled = Mul(rows, factor)
              cos = Unsqueeze<axes=[2]>(scaled)
              a = Slice<axes=[3]>(x, zero, one)
              b = Slice<axes=[3]>(x, one, two)
              n = Neg(b)
              t = Concat<axis=3>(n, a)
              p = Mul(t, cos)
              q = Mul(x, cos)
              y = Add(p, q)
            }
            """)
        .becomes(
            """
            g (float[B,S,1,2] x, int64[B,S] at) => (float[B,S,1,2] y) {
              table = Constant<value=float[3,1] {1, 2, 3}>()
              rows = Gather<axis=0>(table, at)
              factor = Constant<value=float {0.5}>()
              scaled = Mul(rows, factor)
              cos = Unsqueeze<axes=[2]>(scaled)
              rows2 = Gather<axis=0>(table2, at)
              scaled2 = Mul(rows2, factor)
              cos2 = Unsqueeze<axes=[2]>(scaled2)
              y = RotaryEmbedding(x, cos, cos2)
            }
            """
                .replace("rows2 =", "table2 = Constant<value=float[3,1] {1, 2, 3}>() rows2 ="));
  }

  @Test
  void refusesTablesThatAreNotTwiceTheSame() {
    given(
            SLICES,
            "cos = Cos(g) n = Neg(b) t = Concat<axis=3>(n, a) p = Mul(x, cos) q = Mul(cos, t)"
                + " y = Add(p, q)")
        .isRejected("has no equal halves");
  }

  @Test
  void refusesUnequalParts() {
    given(
            SLICES,
            TABLES,
            "d = Slice<axes=[3]>(x, zero, two) e = Slice<axes=[3]>(x, two, end) n = Neg(e)"
                + " t = Concat<axis=3>(n, d) p = Mul(x, cos) q = Mul(sin, t) y = Add(p, q)")
        .isRejected("is not made of the halves");
  }

  @Test
  void refusesTurningTheOtherWay() {
    given(
            SLICES,
            TABLES,
            "n = Neg(a) t = Concat<axis=3>(n, b) p = Mul(x, cos) q = Mul(sin, t) y = Add(p, q)")
        .isRejected("is not made of the halves");
  }

  @Test
  void refusesPartsThatOthersRead() {
    given(
            SLICES,
            TABLES,
            "n = Neg(b) t = Concat<axis=3>(n, a) p = Mul(x, cos) q = Mul(sin, t) z = Add(p, q)"
                + " y = Add(z, t)")
        .isRejected("is read elsewhere too");
  }
}
