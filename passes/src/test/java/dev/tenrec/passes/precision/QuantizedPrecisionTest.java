package dev.tenrec.passes.precision;

import static dev.tenrec.passes.testing.RuleTester.rule;

import dev.tenrec.ir.tensor.ElementType;
import org.junit.jupiter.api.Test;

class QuantizedPrecisionTest {
  /** What is dequantized comes out in half precision, without a cast; scales stay as they are. */
  @Test
  void dequantizesToHalfPrecision() {
    rule(new AssignPrecision(ElementType.FLOAT16))
        .within(5e-3)
        .given(
            """
            g (float[N,2] x) => (float[N,2] y) {
              s = Constant<value=float {0.00001}>()
              w = Constant<value=int8[2,2] {1, 2, 3, 100}>()
              q = Quantize<to=int8>(x, s)
              a = Dequantize<to=float>(q, s)
              b = Dequantize<to=float>(w, s)
              p = MatMul(a, b)
              r = Quantize<to=int8>(p, s)
              y = Dequantize<to=float>(r, s)
            }
            """)
        .becomes(
            """
            g (float[N,2] x) => (float[N,2] y) {
              s = Constant<value=float {0.00001}>()
              w = Constant<value=int8[2,2] {1, 2, 3, 100}>()
              q = Quantize<to=int8>(x, s)
              a = Dequantize<to=float16>(q, s)
              b = Dequantize<to=float16>(w, s)
              p = MatMul(a, b)
              r = Quantize<to=int8>(p, s)
              d = Dequantize<to=float16>(r, s)
              y = Cast<to=float>(d)
            }
            """);
  }

  /** Scales of weights that half precision has become of it. */
  @Test
  void scalesOfWeightsFollowWhereTheyLoseNothing() {
    String before =
        """
        g (float[N,2] x) => (float[N,3] y) {
          w = Constant<value=int4[2,3] {1, 2, 3, -8, 7, 0}>()
          s = Constant<value=float[1,3] {0.5, 0.0999755859375, 2.0}>()
          b = Dequantize<to=float, axis=0, block=2>(w, s)
          y = MatMul(x, b)
        }
        """;
    String after =
        """
        g (float[N,2] x) => (float[N,3] y) {
          a = Cast<to=float16>(x)
          w = Constant<value=int4[2,3] {1, 2, 3, -8, 7, 0}>()
          s = Constant<value=float16[1,3] {0.5, 0.0999755859375, 2.0}>()
          b = Dequantize<to=float16, axis=0, block=2>(w, s)
          p = MatMul(a, b)
          y = Cast<to=float>(p)
        }
        """;
    rule(new AssignPrecision(ElementType.FLOAT16)).within(5e-3).given(before).becomes(after);
    rule(new AssignPrecision(ElementType.FLOAT16))
        .within(5e-3)
        .given(before.replace("0.5,", "0.1,"))
        .becomes(
            after.replace(
                "s = Constant<value=float16[1,3] {0.5,", "s = Constant<value=float[1,3] {0.1,"));
  }
}
