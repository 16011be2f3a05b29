package dev.tenrec.passes.fuse;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class FusePartialRotaryTest {
  private static final String INPUTS =
      "g (float[B,2,S,12] x, float[S,2] c, float[S,1] c1) => (float[B,2,S,?] y) {";
  private static final String POINTS =
      """
      zero = Constant<value=int64[1] {0}>()
      two = Constant<value=int64[1] {2}>()
      four = Constant<value=int64[1] {4}>()
      six = Constant<value=int64[1] {6}>()
      end = Constant<value=int64[1] {9223372036854775807}>()
      """;

  private static RuleTester.Given given(String nodes) {
    return rule(new FusePartialRotary()).given(INPUTS + POINTS + nodes + "}");
  }

  @Test
  void leavesTheOtherColumnsToTheRotation() {
    given(
            """
            a = Slice<axes=[3]>(x, zero, four)
            b = Slice<axes=[3]>(x, four, end)
            r = RotaryEmbedding<interleaved=true>(a, c, c)
            y = Concat<axis=3>(r, b)
            """)
        .becomes(INPUTS + "y = RotaryEmbedding<interleaved=true>(x, c, c) }");
  }

  @Test
  void findsColumnsInSlicesOfSlices() {
    given(
            """
            w = Slice<axes=[3]>(x, two, end)
            a = Slice<axes=[3]>(w, zero, four)
            b = Slice<axes=[3]>(x, six, end)
            r = RotaryEmbedding(a, c, c)
            y = Concat<axis=3>(r, b)
            """)
        .becomes(
            INPUTS
                + """
                two = Constant<value=int64[1] {2}>()
                twelve = Constant<value=int64[1] {12}>()
                w = Slice<axes=[3]>(x, two, twelve)
                y = RotaryEmbedding(w, c, c)
                }
                """);
  }

  @Test
  void refusesColumnsFromElsewhere() {
    given(
            """
            a = Slice<axes=[3]>(x, zero, four)
            b = Slice<axes=[3]>(x, six, end)
            r = RotaryEmbedding(a, c, c)
            y = Concat<axis=3>(r, b)
            """)
        .isRejected("does not follow the columns that are turned");
  }

  @Test
  void refusesWhatIsTurnedInPart() {
    given(
            """
            a = Slice<axes=[3]>(x, zero, four)
            b = Slice<axes=[3]>(x, four, end)
            r = RotaryEmbedding(a, c1, c1)
            y = Concat<axis=3>(r, b)
            """)
        .isRejected("is not turned as a whole");
  }

  @Test
  void refusesAnotherOrderAndOtherReaders() {
    given(
            """
            a = Slice<axes=[3]>(x, zero, four)
            b = Slice<axes=[3]>(x, four, end)
            r = RotaryEmbedding(a, c, c)
            y = Concat<axis=3>(b, r)
            """)
        .isUnchanged();
    given(
            """
            a = Slice<axes=[3]>(x, zero, four)
            b = Slice<axes=[3]>(x, four, end)
            r = RotaryEmbedding(a, c, c)
            z = Concat<axis=3>(r, b)
            y = Concat<axis=3>(z, r)
            """)
        .isRejected("is read elsewhere too");
  }
}
