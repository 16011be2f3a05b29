package dev.tenrec.tensorrt.legalize;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.passes.simplify.FoldConstants;
import dev.tenrec.passes.testing.RuleTester;
import org.junit.jupiter.api.Test;

class UnsqueezeBeforeDequantizeTest {
  private static final String PRODUCT = "g (float[N,3,2] x, float[2,4] v) => (float[N,3,4] y) ";
  private static final String LINE = "g (float[N,2,5] x) => (float[N,4,K] y) ";
  private static final String SCALES = "s = Constant<value=float[4] {1, 2, 3, 4}>() ";
  private static final String KERNEL =
      "n = Constant<value=int8[4,1,3] {1, 2, 3, -4, 5, -6, 7, 8, 9, -1, 0, 2}>() " + SCALES;

  private static RuleTester.Given given(String graph) {
    return rule(new UnsqueezeBeforeDequantize()).then(new FoldConstants()).given(graph);
  }

  private static String weights(String type, String granularity) {
    return "n = Constant<value="
        + type
        + " {1, 2, 3, 4, 5, 6, 7, -8}>() "
        + SCALES
        + "w = Dequantize<to=float, "
        + granularity
        + ">(n, s) ";
  }

  @Test
  void givesWeightsTheAxesOfTheProduct() {
    given(PRODUCT + "{ " + weights("int8[2,4]", "axis=1") + "y = MatMul(x, w) }")
        .becomes(PRODUCT + "{ " + weights("int8[1,2,4]", "axis=2") + "y = MatMul(x, w) }");
  }

  @Test
  void givesWeightsAllAxesOfManyMatrices() {
    String head = "g (float[N,M,3,2] x) => (float[N,M,3,4] y) { ";
    given(head + weights("int8[4,2]", "axis=0") + "y = MatMul<transpose_b=true>(x, w) }")
        .becomes(
            head + weights("int8[1,1,4,2]", "axis=2") + "y = MatMul<transpose_b=true>(x, w) }");
  }

  @Test
  void givesWeightsInFrontTheAxesToo() {
    String head = "g (float[N,2,3] x) => (float[N,4,3] y) { ";
    given(head + weights("int8[4,2]", "axis=0") + "y = MatMul(w, x) }")
        .becomes(head + weights("int8[1,4,2]", "axis=1") + "y = MatMul(w, x) }");
  }

  @Test
  void keepsOneScaleForAll() {
    String one =
        "n = Constant<value=int8%s {1, 2, 3, 4, 5, 6, 7, -8}>() s = Constant<value=float {0.5}>() w"
            + " = Dequantize<to=float>(n, s) y = MatMul(x, w) }";
    given(PRODUCT + "{ " + one.formatted("[2,4]"))
        .becomes(PRODUCT + "{ " + one.formatted("[1,2,4]"));
  }

  @Test
  void givesQuantizedDataTheAxesBeforeItIsQuantized() {
    String quantized =
        "s = Constant<value=float {0.5}>() q = Quantize<to=int8>(%s, s)"
            + " w = Dequantize<to=float>(q, s) y = MatMul(x, w) }";
    given(PRODUCT + "{ " + quantized.formatted("v"))
        .becomes(PRODUCT + "{ u = Unsqueeze<axes=[0]>(v) " + quantized.formatted("u"));
  }

  @Test
  void convolvesInAPlane() {
    String data =
        "%s t = Constant<value=float {0.5}>() q = Quantize<to=int8>(%s, t)"
            + " a = Dequantize<to=float>(q, t) ";
    given(
            LINE
                + "{ "
                + data.formatted("", "x")
                + KERNEL
                + "w = Dequantize<to=float, axis=0>(n, s) y = Conv<strides=[2], dilations=[2],"
                + " pads=[1,2], groups=2, activation=relu>(a, w) }")
        .becomes(
            LINE
                + "{ "
                + data.formatted("u = Unsqueeze<axes=[2]>(x)", "u")
                + KERNEL.replace("[4,1,3]", "[4,1,1,3]")
                + "w = Dequantize<to=float, axis=0>(n, s) "
                + "p = Conv<strides=[1,2], dilations=[1,2], pads=[0,1,0,2], groups=2,"
                + " activation=relu>(a, w) y = Squeeze<axes=[2]>(p) }");
  }

  @Test
  void keepsScalesBehindTheNewAxis() {
    String scales = " s = Constant<value=float[3] {1, 2, 3}>() ";
    String kernel = KERNEL.replace(SCALES, scales);
    given(
            LINE
                + "{ "
                + kernel
                + "w = Dequantize<to=float, axis=2>(n, s) y = Conv<groups=2>(x, w) }")
        .becomes(
            LINE
                + "{ u = Unsqueeze<axes=[2]>(x) "
                + kernel.replace("[4,1,3]", "[4,1,1,3]")
                + "w = Dequantize<to=float, axis=3>(n, s) p = Conv<groups=2>(u, w)"
                + " y = Squeeze<axes=[2]>(p) }");
  }

  @Test
  void leavesWeightsInBlocksAlone() {
    given(
            PRODUCT
                + "{ n = Constant<value=int4[2,4] {1, 2, 3, 4, 5, 6, 7, -8}>()"
                + " s = Constant<value=float[1,4] {1, 2, 3, 4}>()"
                + " w = Dequantize<to=float, axis=0, block=2>(n, s) y = MatMul(x, w) }")
        .isUnchanged();
  }

  @Test
  void leavesProductsOfTheSameRankAlone() {
    given(
            "g (float[N,2] x) => (float[N,4] y) { "
                + weights("int8[2,4]", "axis=1")
                + "y = MatMul(x, w) }")
        .isUnchanged();
  }

  @Test
  void leavesFloatingPointAlone() {
    given(PRODUCT + "{ y = MatMul(x, v) }").isUnchanged();
    given(
            LINE
                + "{ w = Constant<value=float[4,1,3] {1, 2, 3, -4, 5, -6, 7, 8, 9, -1, 0, 2}>()"
                + " y = Conv<groups=2>(x, w) }")
        .isUnchanged();
  }

  @Test
  void leavesPlanesAlone() {
    given(
            "g (float[N,2,5,5] x) => (float[N,4,5,3] y) { "
                + KERNEL.replace("[4,1,3]", "[4,1,1,3]")
                + "w = Dequantize<to=float, axis=0>(n, s) y = Conv<groups=2>(x, w) }")
        .isUnchanged();
  }
}
