package dev.tenrec.tensorrt.legalize;

import static dev.tenrec.passes.testing.RuleTester.rule;

import com.google.common.collect.ImmutableSet;
import org.junit.jupiter.api.Test;

class FlattenProductsTest {
  private static final String HEAD = "g (float[N,3,2] x, float[2,4] v) => (float[N,3,4] y) ";
  private static final String CONSTANTS =
      """
      w = Constant<value=float[2,4] {1, 2, 3, 4, 5, 6, 7, 8}>()
      b = Constant<value=float[4] {1, -1, 2, -2}>()
      """;

  private static String graph(String body) {
    return HEAD + "{ " + CONSTANTS + body + " }";
  }

  private static final String FLAT =
      """
      rows = Constant<value=int64[2] {-1, 2}>()
      flat = Reshape(x, rows)
      w = Constant<value=float[2,4] {1, 2, 3, 4, 5, 6, 7, 8}>()
      p = MatMul(flat, w)
      """;
  private static final String SIZES = "sizes = Constant<value=int64[3] {-1, 3, 4}>()\n";

  @Test
  void multipliesAllRowsAtOnce() {
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(graph("y = MatMul(x, w)"))
        .becomes(HEAD + "{ " + FLAT + SIZES + "y = Reshape(p, sizes) }");
  }

  @Test
  void multipliesAllRowsWithDequantizedWeights() {
    String weights =
        """
        n = Constant<value=int4[2,4] {1, 2, 3, 4, 5, 6, 7, -8}>()
        s = Constant<value=float[1,4] {1, 2, 3, 4}>()
        d = Dequantize<to=float, axis=0, block=2>(n, s)
        """;
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(graph(weights + "y = MatMul(x, d)"))
        .becomes(
            HEAD
                + "{ "
                + FLAT.replace("w = Constant<value=float[2,4] {1, 2, 3, 4, 5, 6, 7, 8}>()", weights)
                    .replace("(flat, w)", "(flat, d)")
                + SIZES
                + "y = Reshape(p, sizes) }");
  }

  @Test
  void addsTheBiasToAllRowsAtOnce() {
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(graph("p = MatMul(x, w) y = Add(b, p)"))
        .becomes(
            HEAD
                + "{ "
                + FLAT
                + "b = Constant<value=float[4] {1, -1, 2, -2}>() s = Add(p, b) "
                + SIZES
                + "y = Reshape(s, sizes) }");
  }

  @Test
  void leavesAProductThatSomethingElseReads() {
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(graph("p = MatMul(x, w) s = Add(p, b) y = Mul(s, p)"))
        .becomes(
            HEAD
                + "{ "
                + FLAT
                + SIZES
                + "q = Reshape(p, sizes) b = Constant<value=float[4] {1, -1, 2, -2}>()"
                + " s = Add(q, b) y = Mul(s, q) }");
  }

  @Test
  void keepsProductsWithWhatIsNoConstant() {
    rule(new FlattenProducts(ImmutableSet.of())).given(graph("y = MatMul(x, v)")).isUnchanged();
  }

  @Test
  void multipliesAllRowsOfQuantizedData() {
    String data =
        """
        s = Constant<value=float {0.5}>()
        q = Quantize<to=int8>(x, s)
        a = Dequantize<to=float>(q, s)
        """;
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(graph(data + "y = MatMul(a, w)"))
        .becomes(
            HEAD
                + "{ "
                + data
                + FLAT.replace("(x, rows)", "(a, rows)")
                + SIZES
                + "y = Reshape(p, sizes) }");
  }

  @Test
  void keepsProductsOfOneMatrix() {
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(
            "g (float[N,2] x) => (float[N,1] y) {"
                + " w = Constant<value=float[2,1] {1, 2}>() y = MatMul(x, w) }")
        .isUnchanged();
  }

  @Test
  void takesSeveralOpenSizesFromTheInputs() {
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(
            "g (float[N,M,2] x) => (float[N,M,1] y) {"
                + " w = Constant<value=float[2,1] {1, 2}>() y = MatMul(x, w) }")
        .becomes(
            """
            g (float[N,M,2] x) => (float[N,M,1] y) {
              rows = Constant<value=int64[2] {-1, 2}>()
              flat = Reshape(x, rows)
              w = Constant<value=float[2,1] {1, 2}>()
              p = MatMul(flat, w)
              sizes = Sizes<dims=[N,M,1]>()
              y = Reshape(p, sizes)
            }
            """);
  }

  @Test
  void keepsSizesThatOnlyTheDataTells() {
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(
            """
            g (float[N,2] x, bool[2] c) => (float[N,K,1] y) {
              i = NonZero(c)
              w = Constant<value=float[1,1] {2}>()
              g = Gather<axis=1>(x, i)
              s = Transpose<permutation=[0,2,1]>(g)
              y = MatMul(s, w)
            }
            """)
        .isUnchanged();
  }

  @Test
  void keepsColumnsInFront() {
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(
            "g (float[N,2,3] x) => (float[N,3,1] y) {"
                + " w = Constant<value=float[2,1] {1, 2}>() y = MatMul<transpose_a=true>(x, w) }")
        .isUnchanged();
  }

  @Test
  void keepsEmptyResults() {
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(
            "g (float[N,0,2] x) => (float[N,0,1] y) {"
                + " w = Constant<value=float[2,1] {1, 2}>() y = MatMul(x, w) }")
        .isUnchanged();
  }

  @Test
  void leavesOneMatrixAlone() {
    rule(new FlattenProducts(ImmutableSet.of("N"))).given(graph("y = MatMul(x, w)")).isUnchanged();
    rule(new FlattenProducts(ImmutableSet.of()))
        .given(graph("y = MatMul(x, w)").replace("[N,3,", "[1,3,"))
        .isUnchanged();
  }

  @Test
  void flattensOneMatrixWithDequantizedWeights() {
    String weights =
        """
        n = Constant<value=int4[2,4] {1, 2, 3, 4, 5, 6, 7, -8}>()
        s = Constant<value=float[1,4] {1, 2, 3, 4}>()
        d = Dequantize<to=float, axis=0, block=2>(n, s)
        """;
    rule(new FlattenProducts(ImmutableSet.of("N")))
        .given(graph(weights + "y = MatMul(x, d)"))
        .becomes(
            HEAD
                + "{ "
                + FLAT.replace("w = Constant<value=float[2,4] {1, 2, 3, 4, 5, 6, 7, 8}>()", weights)
                    .replace("(flat, w)", "(flat, d)")
                + SIZES
                + "y = Reshape(p, sizes) }");
  }
}
