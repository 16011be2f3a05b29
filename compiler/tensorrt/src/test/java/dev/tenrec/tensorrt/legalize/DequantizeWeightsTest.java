package dev.tenrec.tensorrt.legalize;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DequantizeWeightsTest {
  private static final String LINE = "g (float[N,2,5] x) => (float[N,2,3] y) { ";
  private static final String DATA =
      "t = Constant<value=float {0.5}>() q = Quantize<to=int8>(x, t) a = Dequantize<to=float>(q, t)"
          + " ";
  private static final String WEIGHTS =
      "n = Constant<value=int8[2,1,3] {1, 2, 3, -4, 5, -6}>()"
          + " s = Constant<value=float[2] {0.5, 0.25}>() w = Dequantize<to=float, axis=0>(n, s) ";
  private static final String FLOATS =
      "w = Constant<value=float[2,1,3] {0.5, 1, 1.5, -1, 1.25, -1.5}>() ";

  private static RuleTester.Given given(String graph) {
    return rule(new DequantizeWeights()).given(graph);
  }

  @Test
  void multipliesSmallGroupsInFloatingPoint() {
    String conv = "b = Constant<value=float[2] {1, 2}>() y = Conv<groups=2>(a, w, b) }";
    given(LINE + DATA + WEIGHTS + conv).becomes(LINE + DATA + FLOATS + conv);
  }

  @Test
  void transposesInFloatingPoint() {
    String head = "g (float[N,2,5] x) => (float[N,1,7] y) { ";
    given(head + DATA + WEIGHTS + "y = ConvTranspose(a, w) }")
        .becomes(head + DATA + FLOATS + "y = ConvTranspose(a, w) }");
  }

  @ParameterizedTest
  @CsvSource({"62, 62, 2, true", "64, 62, 2, true", "62, 64, 2, true", "64, 64, 2, false"})
  void leavesLargeGroupsInFewBits(int in, int out, int groups, boolean small) {
    String weights = "1, ".repeat(out * in / groups - 1) + "1";
    String head = "g (float[N,%d,5] x) => (float[N,%d,5] y) { ".formatted(in, out);
    String conv = "y = Conv<groups=%d>(x, w) }".formatted(groups);
    String sizes = "[%d,%d,1] {%s}>() ".formatted(out, in / groups, weights);
    RuleTester.Given given =
        given(
            head
                + "n = Constant<value=int8"
                + sizes
                + "s = Constant<value=float {1}>() w = Dequantize<to=float>(n, s) "
                + conv);
    if (small) {
      given.becomes(head + "w = Constant<value=float" + sizes + conv);
    } else {
      given.isUnchanged();
    }
  }

  @Test
  void leavesOneGroupInFewBits() {
    given("g (float[N,1,5] x) => (float[N,2,3] y) { " + WEIGHTS + "y = Conv(x, w) }").isUnchanged();
  }

  @Test
  void leavesWeightsThatAreComputed() {
    given(
            "g (float[N,2,5] x, int8[2,1,3] n) => (float[N,2,3] y) {"
                + " s = Constant<value=float {1}>() w = Dequantize<to=float>(n, s)"
                + " y = Conv<groups=2>(x, w) }")
        .isUnchanged();
  }

  @Test
  void leavesFloatingPointAlone() {
    given(LINE + FLOATS + "y = Conv<groups=2>(x, w) }").isUnchanged();
  }
}
