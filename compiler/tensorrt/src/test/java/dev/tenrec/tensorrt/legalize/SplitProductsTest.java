package dev.tenrec.tensorrt.legalize;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class SplitProductsTest {
  private static final String HEAD = "g (float[N,5,2] x) => (float[N,5,2] y, float[N,5,2] z) ";
  private static final String WEIGHTS =
      """
      n = Constant<value=int8[2,4] {1, 2, 3, 4, 5, 6, 7, -8}>()
      s = Constant<value=float[4] {1, 2, 3, 4}>()
      w = Dequantize<to=float, axis=1>(n, s)
      c = Constant<value=float[4] {1, -1, 2, -2}>()
      zero = Constant<value=int64[1] {0}>()
      two = Constant<value=int64[1] {2}>()
      four = Constant<value=int64[1] {4}>()
      """;
  private static final String PRODUCT = "p = MatMul(x, w) sum = Add(c, p) ";
  private static final String PARTS =
      "y = Slice<axes=[2]>(sum, zero, two) z = Slice<axes=[2]>(sum, two, four)";

  private static RuleTester.Given given(String body) {
    return rule(new SplitProducts())
        .then(new FoldConstants())
        .given(HEAD + "{ " + WEIGHTS + body + " }");
  }

  /** One of both parts, where constants are written in order of their use. */
  private static String part(String name, String weights, String scales, String biases) {
    return """
    n_N = Constant<value=int8[2,2] {%s}>()
    s_N = Constant<value=float[2] {%s}>()
    w_N = Dequantize<to=float, axis=1>(n_N, s_N)
    p_N = MatMul(x, w_N)
    c_N = Constant<value=float[2] {%s}>()
    N = Add(p_N, c_N)
    """
        .formatted(weights, scales, biases)
        .replace("N", name);
  }

  @Test
  void makesAProductOfEachPart() {
    given(PRODUCT + PARTS)
        .becomes(
            HEAD
                + "{ "
                + part("y", "1, 2, 5, 6", "1, 2", "1, -1")
                + part("z", "3, 4, 7, -8", "3, 4", "2, -2")
                + " }");
  }

  @Test
  void splitsRowsOfTransposedWeights() {
    given(
            "t = Constant<value=int8[4,2] {1, 5, 2, 6, 3, 7, 4, -8}>()"
                + " v = Dequantize<to=float, axis=0>(t, s) "
                + PRODUCT.replace("MatMul(x, w)", "MatMul<transpose_b=true>(x, v)")
                + PARTS)
        .becomes(
            HEAD
                + "{ "
                + (part("y", "1, 5, 2, 6", "1, 2", "1, -1")
                        + part("z", "3, 7, 4, -8", "3, 4", "2, -2"))
                    .replace("axis=1", "axis=0")
                    .replace("MatMul(", "MatMul<transpose_b=true>(")
                + " }");
  }

  @Test
  void leavesWeightsInFloatingPoint() {
    given(
            "v = Constant<value=float[2,4] {1, 2, 3, 4, 5, 6, 7, 8}>() "
                + PRODUCT.replace("(x, w)", "(x, v)")
                + PARTS)
        .isUnchanged();
  }

  @Test
  void leavesOneScaleForAll() {
    given(
            "one = Constant<value=float {2}>() v = Dequantize<to=float>(n, one) "
                + PRODUCT.replace("(x, w)", "(x, v)")
                + PARTS)
        .isUnchanged();
  }

  @Test
  void computesNoColumnTwice() {
    given(
            PRODUCT
                + "y = Slice<axes=[2]>(sum, zero, two) a = Slice<axes=[2]>(sum, two, four)"
                + " b = Relu(sum) d = Slice<axes=[2]>(b, two, four) z = Add(a, d)")
        .isUnchanged();
  }

  @Test
  void leavesWhatIsAddedAtRunTime() {
    given(PRODUCT.replace("Add(c, p)", "Add(p, p)") + PARTS).isUnchanged();
  }

  @Test
  void leavesWhatIsNoProduct() {
    given(
            PRODUCT.replace("sum =", "rest =")
                + "sum = Transpose<permutation=[0,1,2]>(rest) "
                + PARTS)
        .isUnchanged();
  }
}
