package dev.tenrec.tensorrt.legalize;

import static dev.tenrec.passes.testing.RuleTester.rule;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApproximateGeluTest {
  /** Of both sums of two elements, at weights of 1. */
  private static final double TOLERANCE = 2e-3;

  private static String product(String type, String gelu) {
    return """
    g (%1$s[N,2] x) => (%1$s[N,2] y) {
      w = Constant<value=%1$s[2,2] {1, -1, 1, 1}>()
      a = %2$s(x)
      y = MatMul(a, w)
    }
    """
        .formatted(type, gelu);
  }

  @ParameterizedTest
  @ValueSource(strings = {"float16", "bfloat16"})
  void productsInHalfPrecision(String type) {
    rule(new ApproximateGelu())
        .within(type.equals("float16") ? TOLERANCE : 8 * TOLERANCE)
        .given(product(type, "GeluErf"))
        .becomes(product(type, "GeluTanh"));
  }

  @Test
  void convolutions() {
    String graph =
        """
        g (float16[N,1,2,2] x) => (float16[N,1,2,2] y) {
          w = Constant<value=float16[1,1,1,1] {1}>()
          a = %s(x)
          y = Conv(a, w)
        }
        """;
    rule(new ApproximateGelu())
        .within(TOLERANCE)
        .given(graph.formatted("GeluErf"))
        .becomes(graph.formatted("GeluTanh"));
  }

  @Test
  void quantization() {
    String graph =
        """
        g (float16[N,2] x) => (float16[N,2] y) {
          s = Constant<value=float {0.05}>()
          a = %s(x)
          q = Quantize<to=int8>(a, s)
          y = Dequantize<to=float16>(q, s)
        }
        """;
    rule(new ApproximateGelu())
        .within(0.06)
        .given(graph.formatted("GeluErf"))
        .becomes(graph.formatted("GeluTanh"));
  }

  @Test
  void keepsItInSinglePrecision() {
    rule(new ApproximateGelu()).given(product("float", "GeluErf")).isUnchanged();
  }

  @Test
  void keepsWhatIsReadElsewhere() {
    rule(new ApproximateGelu())
        .given(
            product("float16", "GeluErf")
                .replace("y = MatMul(a, w)", "b = MatMul(a, w) y = Add(a, b)"))
        .isUnchanged();
  }

  @Test
  void keepsWhatIsNoOperandOfAProduct() {
    rule(new ApproximateGelu())
        .given(
            "g (float16[N,2] x, float16[N,2] z) => (float16[N,2] y) {"
                + " a = GeluErf(x) y = Mul(a, z) }")
        .isUnchanged();
  }
}
