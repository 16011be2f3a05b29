package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class FuseCausalMaskTest {
  private static final String INPUTS =
      "g (float[B,2,S,4] q, float[B,2,P+S,4] k, float[S,P+S] bias, bool[B,1,1,P+S] keys, float[P,1]"
          + " past) => (float[B,2,S,4] y) {";
  private static final String PLACES =
      """
      zero = Constant<value=int64 {0}>()
      one = Constant<value=int64 {1}>()
      s = Sizes<dims=[S], scalar=true>()
      p = Sizes<dims=[P], scalar=true>()
      t = Sizes<dims=[P+S], scalar=true>()
      rows = Range(zero, s, one)
      columns = Range(zero, t, one)
      later = Add(rows, p)
      row = Unsqueeze<axes=[1]>(rows)
      last = Unsqueeze<axes=[1]>(later)
      none = Constant<value=float {0}>()
      low = Constant<value=float {-3.4028235E38}>()
      inf = Constant<value=float {-Infinity}>()
      """;

  private static RuleTester.Given given(String nodes) {
    return rule(new FuseCausalMask()).within(1e-5).given(INPUTS + PLACES + nodes + "}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "c = LessOrEqual(columns, row) | upper_left",
        "c = LessOrEqual(columns, last) | lower_right",
        "c = GreaterOrEqual(last, columns) | lower_right",
        "d = Greater(columns, last) c = Not(d) | lower_right",
        "next = Add(one, row) c = Less(columns, next) | upper_left",
        "next = Add(row, one) c = Greater(next, columns) | upper_left",
        "before = Sub(columns, p) c = LessOrEqual(before, row) | lower_right"
      })
  void takesBooleanMasksForCausality(String mask, String kind) {
    given(mask + " y = ScaledDotProduct<scale=0.5>(q, k, k, c)")
        .becomes(INPUTS + "y = ScaledDotProduct<scale=0.5, causal=" + kind + ">(q, k, k) }");
  }

  @Test
  void leavesTheRestOfTheMask() {
    given("c = LessOrEqual(columns, last) m = And(keys, c) y = ScaledDotProduct(q, k, k, m)")
        .becomes(INPUTS + "y = ScaledDotProduct<causal=lower_right>(q, k, k, keys) }");
  }

  @ParameterizedTest
  @ValueSource(strings = {"low", "inf"})
  void takesWhatIsAddedForCausality(String hidden) {
    given(
            "c = LessOrEqual(columns, last) m = Select(c, none, "
                + hidden
                + ") y = ScaledDotProduct(q, k, k, m)")
        .becomes(INPUTS + "y = ScaledDotProduct<causal=lower_right>(q, k, k) }");
  }

  @Test
  void keepsAFiniteBias() {
    given(
            """
            c = LessOrEqual(columns, row)
            table = Constant<value=float[2] {1, 2}>()
            b = Gather<axis=0>(table, zero)
            m = Select(c, b, low)
            y = ScaledDotProduct(q, k, k, m)
            """)
        .becomes(
            INPUTS
                + """
                zero = Constant<value=int64 {0}>()
                table = Constant<value=float[2] {1, 2}>()
                b = Gather<axis=0>(table, zero)
                y = ScaledDotProduct<causal=upper_left>(q, k, k, b)
                }
                """);
  }

  @Test
  void takesConstantsOfKnownSizes() {
    rule(new FuseCausalMask())
        .within(1e-5)
        .given(
            """
            g (float[1,1,2,4] q, float[1,1,3,4] k) => (float[1,1,2,4] y) {
              c = Constant<value=bool[1,1,2,3] {1, 1, 0, 1, 1, 1}>()
              y = ScaledDotProduct(q, k, k, c)
            }
            """)
        .becomes(
            """
            g (float[1,1,2,4] q, float[1,1,3,4] k) => (float[1,1,2,4] y) {
              y = ScaledDotProduct<causal=lower_right>(q, k, k)
            }
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "c = Less(columns, last) y = ScaledDotProduct(q, k, k, c)",
        "c = GreaterOrEqual(columns, last) y = ScaledDotProduct(q, k, k, c)",
        "two = Add(one, one) b = Sub(row, two) c = Greater(columns, b) y = ScaledDotProduct(q, k,"
            + " k, c)",
        "y = ScaledDotProduct(q, k, k, keys)",
        "c = LessOrEqual(columns, row) m = Select(c, bias, low) y = ScaledDotProduct(q, k, k, m)",
        "c = LessOrEqual(columns, row) m = Select(c, low, none) y = ScaledDotProduct(q, k, k, m)",
        "c = LessOrEqual(columns, row) m = Or(keys, c) y = ScaledDotProduct(q, k, k, m)"
      })
  void refusesOtherMasks(String nodes) {
    given(nodes).isRejected("is not causal");
  }

  @Test
  void refusesToAddWhereAQueryMayHaveNoKey() {
    rule(new FuseCausalMask())
        .given(
            """
            g (float[1,1,3,4] q, float[1,1,2,4] k) => (float[1,1,3,4] y) {
              c = Constant<value=bool[3,2] {0, 0, 1, 0, 1, 1}>()
              none = Constant<value=float {0}>()
              low = Constant<value=float {-3.4028235E38}>()
              m = Select(c, none, low)
              y = ScaledDotProduct(q, k, k, m)
            }
            """)
        .isRejected("is not causal");
  }
}
