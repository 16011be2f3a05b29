package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class FuseRotaryNeighboursTest {
  private static final String INPUTS =
      "g (float[B,S,2,4] x, float[S,1,2] f, float[S,1,4] full) => (float[B,S,2,4] y) {";
  private static final String PARTS =
      """
      zero = Constant<value=int64[1] {0}>()
      one = Constant<value=int64[1] {1}>()
      end = Constant<value=int64[1] {9223372036854775807}>()
      even = Slice<axes=[3], steps=[2]>(x, zero, end)
      odd = Slice<axes=[3], steps=[2]>(x, one, end)
      n = Neg(odd)
      """;
  private static final String TURNED =
      """
      nu = Unsqueeze<axes=[4]>(n)
      eu = Unsqueeze<axes=[4]>(even)
      pairs = Concat<axis=4>(nu, eu)
      keep = Constant<value=int64[4] {0, 0, 0, 4}>()
      t = Reshape<copy_zeros=true>(pairs, keep)
      """;
  private static final String TABLES =
      """
      fu = Unsqueeze<axes=[3]>(f)
      twice = Constant<value=int64[4] {1, 1, 1, 2}>()
      fe = Expand(fu, twice)
      flat = Sizes<dims=[S,1,4]>()
      ff = Reshape(fe, flat)
      cos = Cos(ff)
      sin = Sin(ff)
      """;
  private static final String SUM = "p = Mul(x, cos) q = Mul(t, sin) y = Add(p, q)";

  private static RuleTester.Given given(String... nodes) {
    return rule(new FuseRotaryNeighbours()).given(INPUTS + String.join("\n", nodes) + "}");
  }

  @Test
  void computesTablesOfHalfTheSize() {
    given(PARTS, TURNED, TABLES, SUM)
        .becomes(INPUTS + "c = Cos(f) s = Sin(f) y = RotaryEmbedding<interleaved=true>(x, c, s) }");
  }

  @Test
  void takesColumnsPutSideBySide() {
    given(PARTS, TURNED, TABLES.replace("Expand(fu, twice)", "Concat<axis=3>(fu, fu)"), SUM)
        .becomes(INPUTS + "c = Cos(f) s = Sin(f) y = RotaryEmbedding<interleaved=true>(x, c, s) }");
  }

  @Test
  void refusesTablesOfEqualHalves() {
    given(PARTS, TURNED, "ff = Concat<axis=2>(f, f) cos = Cos(ff) sin = Sin(ff)", SUM)
        .isRejected("has no equal neighbours");
  }

  @Test
  void refusesPairsTheOtherWay() {
    given(PARTS.replace("Neg(odd)", "Neg(even)"), TURNED.replace("(even)", "(odd)"), TABLES, SUM)
        .isRejected("is not made of the pairs");
  }

  @Test
  void refusesTurnedPairsThatOthersRead() {
    given(PARTS, TURNED, TABLES, SUM.replace("y = ", "z = ") + " y = Add(z, t)")
        .isRejected("is read elsewhere too");
  }
}
