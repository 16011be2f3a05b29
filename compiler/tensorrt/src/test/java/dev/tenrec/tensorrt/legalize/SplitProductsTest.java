package dev.tenrec.tensorrt.legalize;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class SplitProductsTest {
  private static final String HEAD = "g (float[N,5,2] x) => (float[N,2,5,1] y, float[N,2,5,1] z) ";
  private static final String WEIGHTS =
      """
      n = Constant<value=int8[2,4] {1, 2, 3, 4, 5, 6, 7, -8}>()
      s = Constant<value=float[4] {1, 2, 3, 4}>()
      w = Dequantize<to=float, axis=1>(n, s)
      c = Constant<value=float[4] {1, -1, 2, -2}>()
      sizes = Constant<value=int64[5] {-1, 5, 2, 2, 1}>()
      first = Constant<value=int64 {0}>()
      last = Constant<value=int64 {-1}>()
      """;
  private static final String PACKED =
      """
      p = MatMul(x, w)
      sum = Add(c, p)
      packed = Reshape(sum, sizes)
      axes = Transpose<permutation=[2,0,3,1,4]>(packed)
      """;
  private static final String PARTS =
      "y = Gather<axis=0>(axes, first) z = Gather<axis=0>(axes, last)";

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
    sum_N = Add(p_N, c_N)
    sizes_N = Constant<value=int64[4] {-1, 5, 2, 1}>()
    part_N = Reshape(sum_N, sizes_N)
    N = Transpose<permutation=[0,2,1,3]>(part_N)
    """
        .formatted(weights, scales, biases)
        .replace("N", name);
  }

  @Test
  void makesAProductOfEachPart() {
    given(PACKED + PARTS)
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
                + PACKED.replace("MatMul(x, w)", "MatMul<transpose_b=true>(x, v)")
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
            "v = Constant<value=float[2,4] {1, 2, 3, 4, 5, 6, 7, 8}>()"
                + PACKED.replace("(x, w)", "(x, v)")
                + PARTS)
        .isUnchanged();
  }

  @Test
  void leavesWhatIsReadAsAWholeToo() {
    given(
            PACKED
                + "y = Gather<axis=0>(axes, first) a = Gather<axis=0>(axes, last) b = Neg(axes)"
                + " d = Gather<axis=0>(b, last) z = Add(a, d)")
        .isUnchanged();
    given(
            PACKED
                    .replace("Reshape(sum,", "Reshape(double,")
                    .replace("packed =", "double = Add(sum, sum) packed =")
                + PARTS)
        .isUnchanged();
  }

  @Test
  void leavesABiasThatIsNoConstant() {
    given(PACKED.replace("Add(c, p)", "Add(p, p)") + PARTS).isUnchanged();
  }

  @Test
  void leavesPartsOfOtherAxes() {
    given(PACKED.replace("[2,0,3,1,4]", "[3,0,2,1,4]") + PARTS).isUnchanged();
  }
}
