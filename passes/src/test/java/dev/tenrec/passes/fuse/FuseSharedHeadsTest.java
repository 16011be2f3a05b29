package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class FuseSharedHeadsTest {
  private static final String INPUTS =
      "g (float[B,4,S,8] q, float[B,2,T,8] k, float[B,2,T,3] v, float[B,1,T,8] one) => ";

  private static RuleTester.Given given(String type, String nodes) {
    return rule(new FuseSharedHeads())
        .given(
            INPUTS
                + "(float[B,4,S,"
                + type
                + "] y) { n = Constant<value=int64[5] {1, 1, 2, 1, 1}>()"
                + " n3 = Constant<value=int64[5] {1, 2, 1, 1, 1}>()"
                + " four = Constant<value=int64[4] {1, 4, 1, 1}>()"
                + " ks = Sizes<dims=[B,4,T,8]>() vs = Sizes<dims=[B,4,T,3]>() "
                + nodes
                + " }");
  }

  @Test
  void attendsToTheHeadsThatThereAre() {
    given(
            "3",
            """
            ku = Unsqueeze<axes=[2]>(k) ke = Expand(ku, n) kr = Reshape(ke, ks)
            vu = Unsqueeze<axes=[2]>(v) ve = Expand(vu, n) vr = Reshape(ve, vs)
            y = ScaledDotProduct<scale=0.5>(q, kr, vr)
            """)
        .becomes(INPUTS + "(float[B,4,S,3] y) { y = ScaledDotProduct<scale=0.5>(q, k, v) }");
  }

  @Test
  void attendsToASingleHead() {
    given("8", "ke = Expand(one, four) y = ScaledDotProduct(q, ke, ke)")
        .becomes(INPUTS + "(float[B,4,S,8] y) { y = ScaledDotProduct(q, one, one) }");
    given("8", "ke = Expand(one, four) ve = Expand(one, four) y = ScaledDotProduct(q, ke, ve)")
        .becomes(INPUTS + "(float[B,4,S,8] y) { y = ScaledDotProduct(q, one, one) }");
  }

  @Test
  void refusesHeadsThatAreRepeatedOneAfterTheOther() {
    given(
            "3",
            """
            ku = Unsqueeze<axes=[1]>(k) ke = Expand(ku, n3) kr = Reshape(ke, ks)
            vu = Unsqueeze<axes=[1]>(v) ve = Expand(vu, n3) vr = Reshape(ve, vs)
            y = ScaledDotProduct(q, kr, vr)
            """)
        .isRejected("is not repeated head by head");
  }

  @Test
  void refusesAnotherNumberOfHeadsForTheValues() {
    given(
            "8",
            """
            ku = Unsqueeze<axes=[2]>(k) ke = Expand(ku, n) kr = Reshape(ke, ks)
            kv = Expand(one, four)
            y = ScaledDotProduct(q, kr, kv)
            """)
        .isRejected("is repeated as the values are not");
  }

  @Test
  void refusesCopiesThatOthersRead() {
    given(
            "8",
            """
            ku = Unsqueeze<axes=[2]>(k) ke = Expand(ku, n) kr = Reshape(ke, ks)
            a = ScaledDotProduct(q, kr, kr) r = ReduceSum<axes=[2], keep_dims=true>(kr)
            y = Add(a, r)
            """)
        .isRejected("is read elsewhere too");
  }
}
